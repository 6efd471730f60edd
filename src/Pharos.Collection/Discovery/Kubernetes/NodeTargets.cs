using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One target per node: its kubelet.</summary>
internal static class NodeTargets
{
    /// <summary>Which of a node's addresses is scraped: the first kind that it has.</summary>
    private static readonly string[] Preferred = ["InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "Hostname"];

    public static TargetGroup? Build(JsonElement node)
    {
        var addresses = node.Get("status").Items("addresses").ToLookup(a => a.Text("type"), a => a.Text("address"));
        if (Array.Find(Preferred, addresses.Contains) is not { } kind)
        {
            return null;
        }
        var port = node.Get("status", "daemonEndpoints").Get("kubeletEndpoint").Get("Port").Number();
        var labels = new LabelSetBuilder().SetAddress(addresses[kind].First(), port).Set("instance", Name(node));
        foreach (var group in addresses)
        {
            labels.Set($"{Prefix}node_address_{MetaLabels.Sanitize(group.Key)}", group.First());
        }
        var shared = new LabelSetBuilder().Set($"{Prefix}node_provider_id", node.Text("spec", "providerID")).SetObject("node", node);
        return new TargetGroup(string.Create(CultureInfo.InvariantCulture, $"node/{Name(node)}"), [labels.Build()], shared.Build());
    }
}
