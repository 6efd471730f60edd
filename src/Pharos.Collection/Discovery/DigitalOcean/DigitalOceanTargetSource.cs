using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.DigitalOcean;

/// <summary>One target per droplet, at its public IPv4 address.</summary>
internal sealed class DigitalOceanTargetSource(DigitalOceanDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_digitalocean_";
    private const string Separator = ",";
    private const int PageSize = 200;
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var targets = new List<LabelSet>();
        for (var page = 1; page <= MaxPages; page++)
        {
            using var answer = await _client.GetAsync(
                $"{options.Server}/v2/droplets?page={page}&per_page={PageSize}", cancellation).ConfigureAwait(false);
            targets.AddRange(answer.RootElement.Items("droplets").Where(droplet => droplet.Get("networks").Items("v4").Any()).Select(Target));
            if (answer.RootElement.Get("links", "pages").Text("next").Length == 0)
            {
                break;
            }
        }
        return [new TargetGroup("DigitalOcean", targets, LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet Target(JsonElement droplet)
    {
        var publicV4 = Address(droplet, "v4", "public");
        return new LabelSetBuilder()
            .SetAddress(publicV4, options.Port)
            .Set($"{Prefix}droplet_id", droplet.Text("id"))
            .Set($"{Prefix}droplet_name", droplet.Text("name"))
            .Set($"{Prefix}image", droplet.Text("image", "slug"))
            .Set($"{Prefix}image_name", droplet.Text("image", "name"))
            .Set($"{Prefix}private_ipv4", Address(droplet, "v4", "private"))
            .Set($"{Prefix}public_ipv4", publicV4)
            .Set($"{Prefix}public_ipv6", Address(droplet, "v6", "public"))
            .Set($"{Prefix}region", droplet.Text("region", "slug"))
            .Set($"{Prefix}size", droplet.Text("size_slug"))
            .Set($"{Prefix}status", droplet.Text("status"))
            .Set($"{Prefix}vpc", droplet.Text("vpc_uuid"))
            .Set($"{Prefix}features", Joined(droplet.Items("features")))
            .Set($"{Prefix}tags", Joined(droplet.Items("tags")))
            .Build();
    }

    private static string Address(JsonElement droplet, string version, string type) =>
        droplet.Get("networks").Items(version).FirstOrDefault(network => network.Text("type") == type).Text("ip_address");

    private static string Joined(IEnumerable<JsonElement> items) =>
        items.Select(item => item.Text()).ToList() is { Count: > 0 } list ? MetaLabels.Joined(list, Separator) : "";
}
