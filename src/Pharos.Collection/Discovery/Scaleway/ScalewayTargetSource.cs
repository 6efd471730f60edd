using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Scaleway;

/// <summary>Lists a zone's servers, and what the labels of its baremetal ones need beside.</summary>
internal sealed class ScalewayTargetSource(ScalewayDiscoveryOptions options) : ITargetSource
{
    private const int PageSize = 100;
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var targets = options.Role == ScalewayRole.Instance
            ? (await ListAsync("instance", "servers", Filters(), cancellation).ConfigureAwait(false))
                .Select(server => ScalewayLabels.OfInstance(server, options.Port)).OfType<LabelSet>()
            : await BaremetalAsync(cancellation).ConfigureAwait(false);
        return [new TargetGroup("scaleway", [.. targets], LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private async Task<IEnumerable<LabelSet>> BaremetalAsync(CancellationToken cancellation)
    {
        var servers = await ListAsync("baremetal", "servers", Filters(), cancellation).ConfigureAwait(false);
        var offers = await ListAsync("baremetal", "offers", "", cancellation).ConfigureAwait(false);
        var systems = await ListAsync("baremetal", "os", "", cancellation).ConfigureAwait(false);
        return servers.SelectMany(server => ScalewayLabels.OfBaremetal(server, offers, systems, options.Port));
    }

    private string Filters()
    {
        var filters = options.NameFilter.Length == 0 ? "" : $"&name={Uri.EscapeDataString(options.NameFilter)}";
        return options.TagsFilter.Count == 0 ? filters
            : $"{filters}&tags={Uri.EscapeDataString(string.Join(',', options.TagsFilter))}";
    }

    private async Task<List<JsonElement>> ListAsync(string product, string things, string filters, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        for (var page = 1; page <= MaxPages; page++)
        {
            using var answer = await _client.GetAsync(
                $"{options.ApiUrl.TrimEnd('/')}/{product}/v1/zones/{options.Zone}/{things}?page={page}&per_page={PageSize}"
                + $"&page_size={PageSize}{filters}", cancellation).ConfigureAwait(false);
            var found = answer.RootElement.Items(things).Select(item => item.Clone()).ToList();
            items.AddRange(found);
            if (found.Count < PageSize)
            {
                break;
            }
        }
        return items;
    }
}
