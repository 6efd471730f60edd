using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>Labels that objects of every kind give.</summary>
internal static class ObjectLabels
{
    public const string Prefix = "__meta_kubernetes_";

    public static string Name(JsonElement item) => item.Text("metadata", "name");

    public static string Namespace(JsonElement item) => item.Text("metadata", "namespace");

    public static string Source(string kind, JsonElement item) => $"{kind}/{Namespace(item)}/{Name(item)}";

    /// <summary>Name, labels and annotations; nothing where there is no object.</summary>
    public static LabelSetBuilder SetObject(this LabelSetBuilder labels, string role, JsonElement item) =>
        labels.Set($"{Prefix}{role}_name", Name(item)).SetMetadata(role, item);

    public static LabelSetBuilder SetNamespace(this LabelSetBuilder labels, string ns, KubernetesObjects objects) =>
        labels.Set($"{Prefix}namespace", ns).SetMetadata("namespace", objects.Namespace(ns));

    /// <summary>The node that a target runs on, where nodes are followed.</summary>
    public static LabelSetBuilder SetNode(this LabelSetBuilder labels, string node, KubernetesObjects objects) =>
        objects.Node(node) is { ValueKind: JsonValueKind.Object } found ? labels.SetObject("node", found) : labels;

    private static LabelSetBuilder SetMetadata(this LabelSetBuilder labels, string role, JsonElement item)
    {
        var metadata = item.Get("metadata");
        foreach (var kind in (ReadOnlySpan<string>)["label", "annotation"])
        {
            foreach (var member in metadata.Get($"{kind}s").Members())
            {
                var name = MetaLabels.Sanitize(member.Name);
                labels.Set($"{Prefix}{role}_{kind}_{name}", member.Value.Text());
                labels.Set($"{Prefix}{role}_{kind}present_{name}", "true");
            }
        }
        return labels;
    }
}
