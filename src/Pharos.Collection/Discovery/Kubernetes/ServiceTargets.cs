using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One target per port of a service, at its cluster name.</summary>
internal static class ServiceTargets
{
    public static TargetGroup Build(JsonElement service, KubernetesObjects objects)
    {
        var targets = new List<LabelSet>();
        var spec = service.Get("spec");
        foreach (var port in spec.Items("ports"))
        {
            var labels = new LabelSetBuilder()
                .SetAddress($"{Name(service)}.{Namespace(service)}.svc", port.Get("port").Number())
                .Set($"{Prefix}service_port_name", port.Text("name"))
                .Set($"{Prefix}service_port_number", port.Text("port"))
                .Set($"{Prefix}service_port_protocol", port.Text("protocol"))
                .Set($"{Prefix}service_type", spec.Text("type"));
            if (spec.Text("type") == "ExternalName")
            {
                labels.Set($"{Prefix}service_external_name", spec.Text("externalName"));
            }
            else
            {
                labels.Set($"{Prefix}service_cluster_ip", spec.Text("clusterIP"));
            }
            if (spec.Text("type") == "LoadBalancer")
            {
                labels.Set($"{Prefix}service_loadbalancer_ip", spec.Text("loadBalancerIP"));
            }
            targets.Add(labels.Build());
        }
        return new TargetGroup(Source("svc", service), targets, Labels(new LabelSetBuilder(), service, objects).Build());
    }

    /// <summary>What a service tells of itself, also to its endpoints.</summary>
    public static LabelSetBuilder Labels(LabelSetBuilder labels, JsonElement service, KubernetesObjects objects) =>
        labels.SetObject("service", service).SetNamespace(Namespace(service), objects);
}
