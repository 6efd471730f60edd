using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Vultr;

/// <summary>One target per instance, at its main IPv4 address.</summary>
internal sealed class VultrTargetSource(VultrDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_vultr_instance_";
    private const string Separator = ",";
    private const int PageSize = 100;
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var targets = new List<LabelSet>();
        var cursor = "";
        for (var page = 0; page < MaxPages; page++)
        {
            using var answer = await _client.GetAsync(
                $"{options.Server}/v2/instances?per_page={PageSize}&cursor={Uri.EscapeDataString(cursor)}", cancellation).ConfigureAwait(false);
            targets.AddRange(answer.RootElement.Items("instances").Select(Target));
            cursor = answer.RootElement.Get("meta", "links").Text("next");
            if (cursor.Length == 0)
            {
                break;
            }
        }
        return [new TargetGroup("Vultr", targets, LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Target(JsonElement instance) => new LabelSetBuilder()
        .SetAddress(instance.Text("main_ip"), options.Port)
        .Set($"{Prefix}id", instance.Text("id"))
        .Set($"{Prefix}label", instance.Text("label"))
        .Set($"{Prefix}os", instance.Text("os"))
        .Set($"{Prefix}os_id", instance.Text("os_id"))
        .Set($"{Prefix}region", instance.Text("region"))
        .Set($"{Prefix}plan", instance.Text("plan"))
        .Set($"{Prefix}vcpu_count", instance.Text("vcpu_count"))
        .Set($"{Prefix}ram_mb", instance.Text("ram"))
        .Set($"{Prefix}allowed_bandwidth_gb", instance.Text("allowed_bandwidth"))
        .Set($"{Prefix}disk_gb", instance.Text("disk"))
        .Set($"{Prefix}main_ip", instance.Text("main_ip"))
        .Set($"{Prefix}main_ipv6", instance.Text("v6_main_ip"))
        .Set($"{Prefix}internal_ip", instance.Text("internal_ip"))
        .Set($"{Prefix}hostname", instance.Text("hostname"))
        .Set($"{Prefix}server_status", instance.Text("server_status"))
        .Set($"{Prefix}features", Joined(instance.Items("features")))
        .Set($"{Prefix}tags", Joined(instance.Items("tags")))
        .Build();

    private static string Joined(IEnumerable<JsonElement> items) =>
        items.Select(item => item.Text()).ToList() is { Count: > 0 } list ? MetaLabels.Joined(list, Separator) : "";
}
