using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pharos.Collection.Discovery.Consul;

/// <summary>Consul's HTTP API with blocking queries (developer.hashicorp.com/consul/api-docs/features/blocking).</summary>
internal sealed class ConsulApi(ConsulDiscoveryOptions options, DiscoveryContext context) : IDisposable
{
    private const int WatchSeconds = 120;

    /// <summary>Consul adds up to a sixteenth to the wait; beyond this the connection is dead.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(WatchSeconds + 15);

    private readonly DiscoveryClient _client = new(options.Http);

    public void Dispose() => _client.Dispose();

    public async Task<string> DatacenterAsync(CancellationToken cancellation)
    {
        using var answer = await GetAsync("agent", "self", "/v1/agent/self", cancellation).ConfigureAwait(false);
        return answer.Body.RootElement.Text("Config", "Datacenter") is { Length: > 0 } name ? name
            : throw new FormatException("Consul's agent names no Config.Datacenter");
    }

    /// <summary>The names of all services with their tags, once they have changed since the index.</summary>
    public Task<ConsulAnswer> ServicesAsync(ulong index, CancellationToken cancellation) =>
        GetAsync("catalog", "services", $"/v1/catalog/services{Query(index, options.Filter, [])}", cancellation);

    /// <summary>The instances of one service, once they have changed since the index.</summary>
    public Task<ConsulAnswer> InstancesAsync(string service, ulong index, CancellationToken cancellation) =>
        GetAsync("catalog", "service",
            $"/v1/health/service/{Uri.EscapeDataString(service)}{Query(index, options.HealthFilter, options.Tags)}", cancellation);

    private string Query(ulong index, string filter, IReadOnlyList<string> tags)
    {
        var query = new StringBuilder($"?wait={WatchSeconds}s");
        Add("index", index == 0 ? "" : index.ToString(CultureInfo.InvariantCulture));
        Add("dc", options.Datacenter);
        Add("ns", options.Namespace);
        Add("partition", options.Partition);
        Add("filter", filter);
        query.Append(options.AllowStale ? "&stale" : "");
        foreach (var tag in tags)
        {
            Add("tag", tag);
        }
        foreach (var (name, value) in options.NodeMeta)
        {
            Add("node-meta", $"{name}:{value}");
        }
        return query.ToString();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }

    private async Task<ConsulAnswer> GetAsync(string endpoint, string call, string path, CancellationToken cancellation)
    {
        var started = context.Time.GetTimestamp();
        using var deadline = new CancellationTokenSource(Deadline, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var response = await _client.Http.GetAsync(options.Address + path, both.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"Unexpected response code: {(int)response.StatusCode}", null, response.StatusCode);
            }
            var index = response.Headers.TryGetValues("X-Consul-Index", out var values)
                && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            return new ConsulAnswer(JsonDocument.Parse(body), index);
        }
        finally
        {
            context.Metrics.ConsulCall(endpoint, call, context.Time.GetElapsedTime(started));
        }
    }
}
