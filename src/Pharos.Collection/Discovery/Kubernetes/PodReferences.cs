using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>The pods that the endpoints of one object lead to: completes their targets, and finds the pods' other ports.</summary>
internal sealed class PodReferences(KubernetesObjects objects)
{
    private readonly Dictionary<string, (JsonElement Pod, HashSet<long> Ports)> _seen = new(StringComparer.Ordinal);

    /// <summary>Adds the pod's labels, and those of the container that listens on the port.</summary>
    /// <param name="port">0 where the endpoint names none.</param>
    public void SetOn(LabelSetBuilder labels, JsonElement reference, long port)
    {
        var pod = objects.Find(KubernetesResource.Pod, reference.Text("namespace"), reference.Text("name"));
        if (reference.Text("kind") != "Pod" || !pod.IsPresent())
        {
            return;
        }
        PodTargets.Labels(labels, pod, objects);
        foreach (var container in PodContainer.Of(pod))
        {
            foreach (var declared in container.Ports.Where(p => port > 0 && p.Get("containerPort").Number() == port).Take(1))
            {
                container.SetOn(labels, declared);
            }
        }
        var key = ResourceWatch.KeyOf(reference.Text("namespace"), reference.Text("name"));
        if (!_seen.TryGetValue(key, out var entry))
        {
            _seen[key] = entry = (pod, []);
        }
        entry.Ports.Add(port);
    }

    /// <summary>Targets for container ports of those pods that no endpoint has covered.</summary>
    public IEnumerable<LabelSet> OtherPorts() =>
        from entry in _seen.Values
        let ip = entry.Pod.Text("status", "podIP")
        where ip.Length > 0
        from container in PodContainer.Of(entry.Pod)
        from port in container.Ports
        where !entry.Ports.Contains(port.Get("containerPort").Number())
        select container.SetOn(PodTargets.Labels(new LabelSetBuilder(), entry.Pod, objects), port)
            .SetAddress(ip, port.Get("containerPort").Number()).Build();
}
