using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One target per address and port of an endpoint slice, and per further port of the pods behind them.</summary>
internal static class EndpointSliceTargets
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    public static TargetGroup Build(JsonElement slice, KubernetesObjects objects)
    {
        var service = objects.Find(
            KubernetesResource.Service, Namespace(slice), slice.Get("metadata", "labels").Text(ServiceNameLabel));
        if (IsSecondFamily(slice, service))
        {
            return new TargetGroup(Source("endpointslice", slice), [], LabelSet.Empty);
        }
        var targets = new List<LabelSet>();
        var pods = new PodReferences(objects);
        foreach (var endpoint in slice.Items("endpoints"))
        {
            foreach (var port in slice.Items("ports"))
            {
                targets.AddRange(endpoint.Items("addresses").Select(address =>
                    Target(address.Text(), endpoint, port, pods, objects)));
            }
        }
        targets.AddRange(pods.OtherPorts());
        var labels = new LabelSetBuilder().SetNamespace(Namespace(slice), objects)
            .Set($"{Prefix}endpointslice_address_type", slice.Text("addressType")).SetObject("endpointslice", slice);
        if (service.IsPresent())
        {
            ServiceTargets.Labels(labels, service, objects);
        }
        return new TargetGroup(Source("endpointslice", slice), targets, labels.Build());
    }

    /// <summary>A service of two address families has a slice of each; only those of its first family are scraped, or
    /// everything would be scraped twice.</summary>
    private static bool IsSecondFamily(JsonElement slice, JsonElement service) =>
        service.Text("spec", "ipFamilyPolicy") is "PreferDualStack" or "RequireDualStack"
        && service.Get("spec", "ipFamilies").Items().FirstOrDefault().Text() is { Length: > 0 } first
        && slice.Text("addressType") is "IPv4" or "IPv6" && slice.Text("addressType") != first;

    private static LabelSet Target(
        string address, JsonElement endpoint, JsonElement port, PodReferences pods, KubernetesObjects objects)
    {
        var number = port.Get("port").Number();
        var reference = endpoint.Get("targetRef");
        var conditions = endpoint.Get("conditions");
        var labels = new LabelSetBuilder()
            .Set($"{Prefix}endpointslice_port_name", port.Text("name"))
            .Set($"{Prefix}endpointslice_port_protocol", port.Text("protocol"))
            .Set($"{Prefix}endpointslice_port", port.Text("port"))
            .Set($"{Prefix}endpointslice_port_app_protocol", port.Text("appProtocol"))
            .Set($"{Prefix}endpointslice_endpoint_conditions_ready", conditions.Text("ready"))
            .Set($"{Prefix}endpointslice_endpoint_conditions_serving", conditions.Text("serving"))
            .Set($"{Prefix}endpointslice_endpoint_conditions_terminating", conditions.Text("terminating"))
            .Set($"{Prefix}endpointslice_endpoint_hostname", endpoint.Text("hostname"))
            .Set($"{Prefix}endpointslice_endpoint_node_name", endpoint.Text("nodeName"))
            .Set($"{Prefix}endpointslice_endpoint_zone", endpoint.Text("zone"))
            .Set($"{Prefix}endpointslice_address_target_kind", reference.Text("kind"))
            .Set($"{Prefix}endpointslice_address_target_name", reference.Text("name"));
        foreach (var member in endpoint.Get("deprecatedTopology").Members())
        {
            var name = MetaLabels.Sanitize(member.Name);
            labels.Set($"{Prefix}endpointslice_endpoint_topology_{name}", member.Value.Text())
                .Set($"{Prefix}endpointslice_endpoint_topology_present_{name}", "true");
        }
        labels.SetNode(reference.Text("kind") == "Node" ? reference.Text("name") : endpoint.Text("nodeName"), objects);
        pods.SetOn(labels, reference, number);
        return (number > 0 ? labels.SetAddress(address, number) : labels.Set(TargetGroup.AddressLabel, address)).Build();
    }
}
