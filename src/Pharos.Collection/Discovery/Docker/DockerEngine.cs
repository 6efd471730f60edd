using System.Net.Sockets;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Docker;

/// <summary>The Docker engine's HTTP API, over TCP or a unix socket (docs.docker.com/reference/api/engine). Disposable once.</summary>
internal sealed class DockerEngine : IDisposable
{
    /// <summary>The newest API version that the reading here is written for; an older engine says which it has.</summary>
    private const string NewestVersion = "1.45";

    private readonly DiscoveryClient _client;
    private readonly string _address;
    private string? _version;

    /// <param name="host"><c>unix:///var/run/docker.sock</c>, <c>tcp://host:port</c>, <c>http://</c> or <c>https://</c>.</param>
    public DockerEngine(string host, DiscoveryHttp http)
    {
        const string UnixScheme = "unix://";
        if (host.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            // As with Prometheus, the keys of http_config hold for HTTP hosts only.
            _client = new DiscoveryClient(new DiscoveryHttp(() => Connect(host[UnixScheme.Length..]), ""));
            _address = "http://localhost";
            return;
        }
        _client = new DiscoveryClient(http);
        _address = host.Replace("tcp://", "http://", StringComparison.Ordinal).TrimEnd('/');
    }

    public void Dispose() => _client.Dispose();

    public Task<JsonDocument> ListAsync(
        string path, IReadOnlyList<DockerFilter> filters, CancellationToken cancellation) =>
        GetAsync(filters.Count == 0 ? path : $"{path}?filters={Uri.EscapeDataString(Filters(filters))}", cancellation);

    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellation)
    {
        _version ??= await NegotiateAsync(cancellation).ConfigureAwait(false);
        return await _client.GetAsync($"{_address}/v{_version}{path}", cancellation).ConfigureAwait(false);
    }

    /// <summary>The labels of every network by its id, below a prefix.</summary>
    public async Task<Dictionary<string, LabelSet>> NetworksAsync(string prefix, CancellationToken cancellation)
    {
        using var networks = await GetAsync("/networks", cancellation).ConfigureAwait(false);
        var labels = new Dictionary<string, LabelSet>(StringComparer.Ordinal);
        foreach (var network in networks.RootElement.Items())
        {
            labels[network.Text("Id")] = new LabelSetBuilder()
                .Set($"{prefix}network_id", network.Text("Id"))
                .Set($"{prefix}network_name", network.Text("Name"))
                .Set($"{prefix}network_scope", network.Text("Scope"))
                .Set($"{prefix}network_internal", Flag(network.Get("Internal")))
                .Set($"{prefix}network_attachable", Flag(network.Get("Attachable")))
                .Set($"{prefix}network_ingress", Flag(network.Get("Ingress")))
                .SetAll($"{prefix}network_label_", network.Get("Labels"))
                .Build();
        }
        return labels;
    }

    private static string Flag(JsonElement element) => element.IsTrue() ? "true" : "false";

    private async Task<string> NegotiateAsync(CancellationToken cancellation)
    {
        using var response = await _client.Http.GetAsync($"{_address}/_ping", cancellation).ConfigureAwait(false);
        var newest = response.Headers.TryGetValues("Api-Version", out var values) ? values.First() : NewestVersion;
        return Version.TryParse(newest, out var offered) && offered < Version.Parse(NewestVersion) ? newest : NewestVersion;
    }

    /// <summary>The engine's form: each name with a set of values, as an object whose values are true.</summary>
    private static string Filters(IReadOnlyList<DockerFilter> filters) => JsonSerializer.Serialize(filters
        .GroupBy(filter => filter.Name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key,
            group => group.SelectMany(filter => filter.Values).Distinct(StringComparer.Ordinal)
                .ToDictionary(value => value, _ => true, StringComparer.Ordinal),
            StringComparer.Ordinal));

    private static HttpClient Connect(string path)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
