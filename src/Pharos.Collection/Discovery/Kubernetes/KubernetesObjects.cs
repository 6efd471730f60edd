using System.Text.Json;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>The copies that a discovery keeps. What is not followed, or is not there, is an undefined element.</summary>
internal sealed class KubernetesObjects(IReadOnlyList<ResourceWatch> watches)
{
    public IEnumerable<JsonElement> All(KubernetesResource resource) =>
        watches.Where(watch => watch.Resource == resource).SelectMany(watch => watch.Objects.Values);

    public JsonElement Find(KubernetesResource resource, string ns, string name)
    {
        var key = ResourceWatch.KeyOf(ns, name);
        foreach (var watch in watches)
        {
            if (watch.Resource == resource && watch.Objects.TryGetValue(key, out var found))
            {
                return found;
            }
        }
        return default;
    }

    public JsonElement Node(string name) => Find(KubernetesResource.Node, "", name);

    public JsonElement Namespace(string name) => Find(KubernetesResource.Namespace, "", name);
}
