using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>A container of a pod, those that only start it included.</summary>
internal sealed record PodContainer(JsonElement Spec, bool IsInit, string Id)
{
    public IReadOnlyList<JsonElement> Ports { get; } = [.. Spec.Items("ports")];

    public static IEnumerable<PodContainer> Of(JsonElement pod)
    {
        var status = pod.Get("status");
        return Of(pod.Get("spec").Items("containers"), status.Get("containerStatuses"), isInit: false)
            .Concat(Of(pod.Get("spec").Items("initContainers"), status.Get("initContainerStatuses"), isInit: true));
    }

    public LabelSetBuilder SetOn(LabelSetBuilder labels) => labels
        .Set($"{Prefix}pod_container_name", Spec.Text("name"))
        .Set($"{Prefix}pod_container_id", Id)
        .Set($"{Prefix}pod_container_image", Spec.Text("image"))
        .Set($"{Prefix}pod_container_init", IsInit ? "true" : "false");

    public LabelSetBuilder SetOn(LabelSetBuilder labels, JsonElement port) => SetOn(labels)
        .Set($"{Prefix}pod_container_port_number", port.Text("containerPort"))
        .Set($"{Prefix}pod_container_port_name", port.Text("name"))
        .Set($"{Prefix}pod_container_port_protocol", port.Text("protocol"));

    private static IEnumerable<PodContainer> Of(IEnumerable<JsonElement> specs, JsonElement statuses, bool isInit) =>
        specs.Select(spec => new PodContainer(spec, isInit, statuses.Items()
            .FirstOrDefault(status => status.Text("name") == spec.Text("name")).Text("containerID")));
}
