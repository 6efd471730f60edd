using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One target per address and port of a service's endpoints, and per further port of the pods behind them.</summary>
internal static class EndpointsTargets
{
    public static TargetGroup Build(JsonElement endpoints, KubernetesObjects objects)
    {
        var targets = new List<LabelSet>();
        var pods = new PodReferences(objects);
        foreach (var subset in endpoints.Items("subsets"))
        {
            foreach (var port in subset.Items("ports"))
            {
                targets.AddRange(subset.Items("addresses").Select(address => Target(address, port, "true", pods, objects)));
                targets.AddRange(subset.Items("notReadyAddresses").Select(address => Target(address, port, "false", pods, objects)));
            }
        }
        targets.AddRange(pods.OtherPorts());
        var labels = new LabelSetBuilder().SetNamespace(Namespace(endpoints), objects).SetObject("endpoints", endpoints);
        if (objects.Find(KubernetesResource.Service, Namespace(endpoints), Name(endpoints)) is { ValueKind: JsonValueKind.Object } service)
        {
            ServiceTargets.Labels(labels, service, objects);
        }
        return new TargetGroup(Source("endpoints", endpoints), targets, labels.Build());
    }

    private static LabelSet Target(
        JsonElement address, JsonElement port, string ready, PodReferences pods, KubernetesObjects objects)
    {
        var reference = address.Get("targetRef");
        var labels = new LabelSetBuilder()
            .SetAddress(address.Text("ip"), port.Get("port").Number())
            .Set($"{Prefix}endpoint_port_name", port.Text("name"))
            .Set($"{Prefix}endpoint_port_protocol", port.Text("protocol"))
            .Set($"{Prefix}endpoint_ready", ready)
            .Set($"{Prefix}endpoint_address_target_kind", reference.Text("kind"))
            .Set($"{Prefix}endpoint_address_target_name", reference.Text("name"))
            .Set($"{Prefix}endpoint_node_name", address.Text("nodeName"))
            .Set($"{Prefix}endpoint_hostname", address.Text("hostname"))
            .SetNode(reference.Text("kind") == "Node" ? reference.Text("name") : address.Text("nodeName"), objects);
        pods.SetOn(labels, reference, port.Get("port").Number());
        return labels.Build();
    }
}
