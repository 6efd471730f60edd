using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Consul;

/// <summary>One target per instance of a service.</summary>
internal static class ConsulTargets
{
    private const string Prefix = "__meta_consul_";

    public static TargetGroup Build(string service, string datacenter, JsonElement instances, string tagSeparator) => new(
        service, [.. instances.Items().Select(instance => Target(instance, tagSeparator))],
        LabelSet.From(($"{Prefix}service", service), ($"{Prefix}dc", datacenter)));

    private static LabelSet Target(JsonElement instance, string tagSeparator)
    {
        var (node, service) = (instance.Get("Node"), instance.Get("Service"));
        // A service that is registered through another node has an address of its own.
        var address = service.Text("Address") is { Length: > 0 } own ? own : node.Text("Address");
        return new LabelSetBuilder()
            .SetAddress(address, service.Get("Port").Number())
            .Set($"{Prefix}address", node.Text("Address"))
            .Set($"{Prefix}node", node.Text("Node"))
            .Set($"{Prefix}namespace", service.Text("Namespace"))
            .Set($"{Prefix}partition", service.Text("Partition"))
            .Set($"{Prefix}tags", MetaLabels.Joined(service.Items("Tags").Select(tag => tag.Text()), tagSeparator))
            .Set($"{Prefix}service_address", service.Text("Address"))
            .Set($"{Prefix}service_port", service.Get("Port").Number().ToString(CultureInfo.InvariantCulture))
            .Set($"{Prefix}service_id", service.Text("ID"))
            .Set($"{Prefix}health", Health(instance.Get("Checks")))
            .SetAll($"{Prefix}metadata_", node.Get("Meta"))
            .SetAll($"{Prefix}service_metadata_", service.Get("Meta"))
            .SetAll($"{Prefix}tagged_address_", node.Get("TaggedAddresses"))
            .Build();
    }

    /// <summary>The worst of an instance's checks; a maintenance check is worse than all.</summary>
    private static string Health(JsonElement checks)
    {
        if (checks.Items().Any(check => check.Text("CheckID") is "_node_maintenance"
            || check.Text("CheckID").StartsWith("_service_maintenance:", StringComparison.Ordinal)))
        {
            return "maintenance";
        }
        var found = checks.Items().Select(check => check.Text("Status")).ToHashSet(StringComparer.Ordinal);
        return found.Contains("critical") ? "critical" : found.Contains("warning") ? "warning" : "passing";
    }
}
