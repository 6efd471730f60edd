using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Linode;

/// <summary>One target per instance, at its first public IPv4 address.</summary>
internal sealed class LinodeTargetSource(LinodeDiscoveryOptions options, DiscoveryMetrics metrics) : ITargetSource
{
    private const string Prefix = "__meta_linode_";
    private const int PageSize = 500;
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        try
        {
            var instances = await ListAsync("linode/instances", cancellation).ConfigureAwait(false);
            var addresses = await ListAsync("networking/ips", cancellation).ConfigureAwait(false);
            var ranges = await ListAsync("networking/ipv6/ranges", cancellation).ConfigureAwait(false);
            var targets = instances.Where(instance => instance.Items("ipv4").Any()).Select(instance => Target(instance, addresses, ranges));
            return [new TargetGroup("Linode", [.. targets], LabelSet.Empty)];
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            metrics.LinodeFailures.Add(1);
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Target(JsonElement instance, List<JsonElement> addresses, List<JsonElement> ranges)
    {
        JsonElement publicV4 = default, privateV4 = default;
        var others = new List<string>();
        foreach (var known in instance.Items("ipv4").SelectMany(own => addresses.Where(address => address.Text("address") == own.Text())))
        {
            if (known.Get("public").IsTrue() && !publicV4.IsPresent())
            {
                publicV4 = known;
            }
            else if (!known.Get("public").IsTrue() && !privateV4.IsPresent())
            {
                privateV4 = known;
            }
            else
            {
                others.Add(known.Text("address"));
            }
        }
        // With its prefix length: 2600:3c03::f03c:92ff:fe1a:1382/128.
        var ownV6 = instance.Text("ipv6").Split('/')[0];
        var v6 = addresses.LastOrDefault(address => ownV6.Length > 0 && address.Text("address") == ownV6);
        var specs = instance.Get("specs");
        return new LabelSetBuilder()
            .SetAddress(publicV4.Text("address"), options.Port)
            .Set($"{Prefix}instance_id", instance.Text("id"))
            .Set($"{Prefix}instance_label", instance.Text("label"))
            .Set($"{Prefix}image", instance.Text("image"))
            .Set($"{Prefix}private_ipv4", privateV4.Text("address"))
            .Set($"{Prefix}public_ipv4", publicV4.Text("address"))
            .Set($"{Prefix}public_ipv6", v6.Text("address"))
            .Set($"{Prefix}private_ipv4_rdns", ReverseName(privateV4))
            .Set($"{Prefix}public_ipv4_rdns", ReverseName(publicV4))
            .Set($"{Prefix}public_ipv6_rdns", ReverseName(v6))
            .Set($"{Prefix}region", instance.Text("region"))
            .Set($"{Prefix}type", instance.Text("type"))
            .Set($"{Prefix}status", instance.Text("status"))
            .Set($"{Prefix}group", instance.Text("group"))
            .Set($"{Prefix}gpus", specs.Get("gpus").Number().ToString(CultureInfo.InvariantCulture))
            .Set($"{Prefix}hypervisor", instance.Text("hypervisor"))
            .Set($"{Prefix}backups", instance.Get("backups", "enabled").IsTrue() ? "enabled" : "disabled")
            .Set($"{Prefix}specs_disk_bytes", Megabytes(specs.Get("disk")))
            .Set($"{Prefix}specs_memory_bytes", Megabytes(specs.Get("memory")))
            .Set($"{Prefix}specs_vcpus", specs.Get("vcpus").Number().ToString(CultureInfo.InvariantCulture))
            .Set($"{Prefix}specs_transfer_bytes", Megabytes(specs.Get("transfer")))
            .Set($"{Prefix}tags", Joined(instance.Items("tags").Select(tag => tag.Text())))
            .Set($"{Prefix}extra_ips", Joined(others))
            .Set($"{Prefix}ipv6_ranges", Joined(ranges.Where(range => ownV6.Length > 0 && range.Text("route_target") == ownV6)
                .Select(range => $"{range.Text("range")}/{range.Text("prefix")}")))
            .Build();
    }

    private string Joined(IEnumerable<string> items) =>
        items.ToList() is { Count: > 0 } list ? MetaLabels.Joined(list, options.TagSeparator) : "";

    private static string ReverseName(JsonElement address) => address.Text("rdns") is not "null" and var name ? name : "";

    private static string Megabytes(JsonElement count) => (count.Number() << 20).ToString(CultureInfo.InvariantCulture);

    private async Task<List<JsonElement>> ListAsync(string path, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        (string, string)[] filter = options.Region.Length == 0 ? [] : [("X-Filter", $"{{\"region\":{JsonSerializer.Serialize(options.Region)}}}")];
        for (var page = 1; page <= MaxPages; page++)
        {
            using var answer = await _client.GetAsync(
                $"{options.Server}/v4/{path}?page={page}&page_size={PageSize}", cancellation, filter).ConfigureAwait(false);
            items.AddRange(answer.RootElement.Items("data").Select(item => item.Clone()));
            if (answer.RootElement.Get("pages").Number() <= page)
            {
                break;
            }
        }
        return items;
    }
}
