using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Ionos;

/// <summary>One target per server with an address.</summary>
internal sealed class IonosTargetSource(IonosDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_ionos_server_";
    private const string Separator = ",";
    private const string Unnamed = "unnamed";

    /// <summary>How deep the answer shows what servers consist of: down to the addresses of their interfaces.</summary>
    private const int Depth = 3;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(
            $"{options.Server}/cloudapi/v6/datacenters/{Uri.EscapeDataString(options.DatacenterId)}/servers?depth={Depth}",
            cancellation).ConfigureAwait(false);
        var list = answer.RootElement.Text("id");
        return [new TargetGroup("ionos", [.. answer.RootElement.Items("items").Select(server => Target(server, list)).OfType<LabelSet>()], LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet? Target(JsonElement server, string list)
    {
        // The addresses of the last interface come first, as in Prometheus.
        var interfaces = server.Get("entities", "nics").Items("items").Reverse().Select(nic => nic.Get("properties")).ToList();
        var addresses = interfaces.SelectMany(nic => nic.Items("ips")).Select(ip => ip.Text()).ToList();
        if (addresses.Count == 0)
        {
            return null;
        }
        var properties = server.Get("properties");
        var labels = new LabelSetBuilder()
            .SetAddress(addresses[0], options.Port)
            .Set($"{Prefix}availability_zone", properties.Text("availabilityZone"))
            .Set($"{Prefix}cpu_family", properties.Text("cpuFamily"))
            .Set($"{Prefix}servers_id", list)
            .Set($"{Prefix}id", server.Text("id"))
            .Set($"{Prefix}ip", MetaLabels.Joined(addresses, Separator))
            .Set($"{Prefix}lifecycle", server.Text("metadata", "state"))
            .Set($"{Prefix}name", properties.Text("name"))
            .Set($"{Prefix}state", properties.Text("vmState"))
            .Set($"{Prefix}type", properties.Text("type"))
            .Set($"{Prefix}boot_cdrom_id", properties.Text("bootCdrom", "id"))
            .Set($"{Prefix}boot_volume_id", properties.Text("bootVolume", "id"))
            .Set($"{Prefix}boot_image_id", server.Get("entities", "volumes").Items("items").FirstOrDefault().Text("properties", "image"));
        foreach (var named in interfaces.GroupBy(
            nic => nic.Get("name") is { ValueKind: JsonValueKind.String } name ? name.Text() : Unnamed, StringComparer.Ordinal))
        {
            labels.Set($"{Prefix}nic_ip_{MetaLabels.Sanitize(named.Key)}",
                MetaLabels.Joined(named.SelectMany(nic => nic.Items("ips")).Select(ip => ip.Text()), Separator));
        }
        return labels.Build();
    }
}
