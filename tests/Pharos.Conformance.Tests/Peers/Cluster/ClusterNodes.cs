using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pharos.Conformance.Tests.Alerting;
using Pharos.Storage.Tests.State;

namespace Pharos.Conformance.Tests.Peers.Cluster;

/// <summary>Two real processes of Pharos on one real PostgreSQL, and a webhook that counts.</summary>
internal sealed class ClusterNodes : IAsyncDisposable
{
    public static readonly TimeSpan TakeoverLimit = TimeSpan.FromSeconds(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-cluster-").FullName;
    private readonly PeerProcess?[] _processes = new PeerProcess?[2];
    private readonly HttpClient[] _clients = new HttpClient[2];
    private readonly string _connection;

    private ClusterNodes(PostgresServer postgres)
    {
        Postgres = postgres;
        _connection = postgres.NewDatabase();
    }

    public PostgresServer Postgres { get; }

    public WebhookSink Sink { get; } = new();

    public static async Task<ClusterNodes> StartAsync(string timing = "group_wait: 300ms, group_interval: 2s")
    {
        PeerProcess.Need(PeerProcess.Pharos);
        var nodes = new ClusterNodes(PostgresServer.Start());
        await File.WriteAllTextAsync(nodes.ConfigFile, $$"""
            route: {receiver: hook, group_by: [alertname], {{timing}}, repeat_interval: 12h}
            receivers: [{name: hook, webhook_configs: [{url: 'http://{{nodes.Sink.Authority}}/'}]}]
            """);
        await nodes.StartAsync(0);
        await nodes.UntilAsync(async () => await nodes.LeaderAsync() == 0, "the first node leads");
        await nodes.StartAsync(1);
        return nodes;
    }

    private string ConfigFile => Path.Combine(_folder, "alertmanager.yml");

    public HttpClient Client(int node) => _clients[node];

    public PeerProcess Process(int node) => _processes[node]!;

    public async Task StartAsync(int node)
    {
        var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        _clients[node]?.Dispose();
        _clients[node] = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _processes[node] = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri(address, "/-/ready"), "serve",
            $"--alertmanager.config.file={ConfigFile}", $"--data={_folder}/data{node}", $"--state.connection-string={_connection}",
            $"--web.listen-address={address.Authority}");
    }

    /// <summary>Which node says of itself that it leads, or -1.</summary>
    public async Task<int> LeaderAsync()
    {
        for (var node = 0; node < _clients.Length; node++)
        {
            if (_clients[node] is not null && await MetricAsync(node, "pharos_cluster_leader") == "1")
            {
                return node;
            }
        }
        return -1;
    }

    public async Task<string> MetricAsync(int node, string name)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            var text = await _clients[node].GetStringAsync("/metrics", limit.Token);
            return text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))?.Split(' ')[1] ?? "";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }

    public async Task PostAsync(int node, IEnumerable<string> alerts, bool resolved = false, double lastsSeconds = 3600)
    {
        var body = new JsonArray([.. alerts.Select(alert => (JsonNode)new JsonObject
        {
            ["labels"] = new JsonObject { ["alertname"] = alert },
            ["endsAt"] = DateTimeOffset.UtcNow.AddSeconds(resolved ? 0 : lastsSeconds).ToString("O"),
        })]);
        (await _clients[node].PostAsJsonAsync("/api/v2/alerts", body)).EnsureSuccessStatusCode();
    }

    /// <summary>What the webhook has taken, as "name firing" or "name resolved".</summary>
    public IReadOnlyList<string> Taken() => [.. Sink.Taken.Select(taken => $"{taken.Message["groupLabels"]!["alertname"]} {taken.Message["status"]}")];

    /// <summary>Waits until each was taken once at least.</summary>
    public Task TakenAsync(IEnumerable<string> wanted, TimeSpan? limit = null)
    {
        var set = wanted.ToHashSet(StringComparer.Ordinal);
        return UntilAsync(() => Task.FromResult(set.IsSubsetOf(Taken())), $"{string.Join(", ", set.Take(3))} ... taken", limit);
    }

    public async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > (limit ?? TakeoverLimit))
            {
                Assert.Fail($"not within {clock.Elapsed}: {what}\n{string.Join("\n", _processes.SelectMany((process, node) =>
                    (process?.Lines ?? []).TakeLast(40).Select(line => $"{node}: {line}")))}\ntaken: {string.Join(", ", Taken())}");
            }
            await Task.Delay(25);
        }
    }

    public static JsonObject Silence(string alert) => new()
    {
        ["matchers"] = new JsonArray(new JsonObject { ["name"] = "alertname", ["value"] = alert, ["isRegex"] = false }),
        ["startsAt"] = DateTimeOffset.UtcNow.ToString("O"),
        ["endsAt"] = DateTimeOffset.UtcNow.AddHours(1).ToString("O"),
        ["createdBy"] = "test",
        ["comment"] = "test",
    };

    public async Task<string> SilenceAsync(int node, string alert)
    {
        var answer = await _clients[node].PostAsJsonAsync("/api/v2/silences", Silence(alert), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["silenceID"]!;
    }

    public async Task<JsonArray> ListAsync(int node, string path) =>
        (await _clients[node].GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!.AsArray();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.OfType<PeerProcess>())
        {
            await process.DisposeAsync();
        }
        foreach (var client in _clients.OfType<HttpClient>())
        {
            client.Dispose();
        }
        await Sink.DisposeAsync();
        Postgres.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
