using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pharos.Conformance.Tests.Alerting;
using Pharos.Server.Tests.Alerting;

namespace Pharos.Conformance.Tests.Peers.Receivers;

/// <summary>The real executable against receivers that do everything wrong: at least once, in order, and no secret anywhere.</summary>
public sealed class HostileReceiverTests
{
    private const int Seed = 20_261_129;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Every integration meets every kind of failure with its request echoed back at it, at debug level.</summary>
    [Fact]
    public async Task No_secret_is_told_at_debug_level_whatever_a_receiver_answers()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        await using var services = new ScriptedReceivers("500 Internal Server Error", "cut", "garbage", "half", "429 Too Many Requests|Retry-After: 1",
            "307 Temporary Redirect|Location: URL/moved", "401 Unauthorized", "503 Unavailable", "404 Not Found", "ok");
        // Pushover's own address cannot be changed: its proxy is a port where nobody listens, and the mail server is one that is not there.
        const string Gone = "127.0.0.1:9";
        var receivers = string.Concat(ReceiverEntries.All.Select(entry =>
            $"  {entry.Key}_configs: [{entry.Value.Replace("URL", $"{services.Url}/{entry.Key}", StringComparison.Ordinal)}]\n"))
            .Replace("token: s3cr3t-t0ken-app}", "token: s3cr3t-t0ken-app, http_config: {proxy_url: 'http://u:s3cr3t-t0ken@" + Gone + "'}}", StringComparison.Ordinal)
            + $"  email_configs: [{{to: a@b, from: c@d, smarthost: '{Gone}', auth_username: u, auth_password: s3cr3t-t0ken, send_resolved: true}}]\n";
        await using var pharos = await Served.StartAsync($"""
            route: {"{"}receiver: all, group_wait: 0s, group_interval: 1s{"}"}
            receivers:
            - name: all
            {receivers}
            """);
        await pharos.PostAsync("Loud", 1);
        string[] reachable = [.. ReceiverEntries.All.Keys.Except(["pushover"])];
        await UntilAsync(() => reachable.All(kind => services.Taken.Any(taken => taken.Service == kind)), () =>
            $"missing: {string.Join(", ", reachable.Except(services.Taken.Select(taken => taken.Service)))}\n{pharos.Log}");
        await UntilAsync(() => pharos.Log.Contains(" by pushover about ", StringComparison.Ordinal) && pharos.Log.Contains(" by email about ", StringComparison.Ordinal),
            () => pharos.Log);

        var told = new Dictionary<string, string> { ["log"] = pharos.Log };
        foreach (var path in (string[])["/api/v2/status", "/api/pharos/notifications?limit=1000", "/metrics", "/api/v1/status/flags", "/api/v1/status/config"])
        {
            using var answer = await pharos.Client.GetAsync(path, Cancelled);
            told[path] = await answer.Content.ReadAsStringAsync(Cancelled);
        }
        Assert.Contains("failed: unexpected status code 500", told["log"], StringComparison.Ordinal);
        Assert.All(reachable, kind => Assert.Contains($"Attempt 1 to notify all by {kind} failed", told["log"], StringComparison.Ordinal));
        Assert.Contains("complaint", told["/api/pharos/notifications?limit=1000"], StringComparison.Ordinal);
        Assert.All(told, static text => Assert.DoesNotContain(ReceiverEntries.SecretPart, text.Value, StringComparison.Ordinal));
    }

    /// <summary>A receiver that answers by chance, mostly wrong: what it took tells each group's story in order and to its end.</summary>
    [Fact]
    public async Task Every_group_is_told_at_least_once_and_in_order_whatever_the_receiver_answers()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var chance = new Random(Seed);
        var isHostile = true;
        var asked = new ConcurrentDictionary<int, int>();
        await using var sink = new WebhookSink();
        sink.Answer = async (_, _) =>
        {
            int kind;
            lock (chance)
            {
                kind = Volatile.Read(ref isHostile) ? chance.Next(9) : 0;
            }
            asked.AddOrUpdate(kind, 1, static (_, count) => count + 1);
            if (kind == 8)
            {
                await Task.Delay(3000, Cancelled);
            }
            return kind switch { 0 or 1 => 200, 2 => 400, 3 => 404, 4 => 429, 5 => 500, 6 => 503, _ => null };
        };
        await using var pharos = await Served.StartAsync($$"""
            route: {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 12h}
            receivers: [{name: hook, webhook_configs: [{url: 'http://{{sink.Authority}}/', timeout: 1s}]}]
            """);
        string[] groups = ["G0", "G1", "G2", "G3", "G4", "G5"];
        const int Steps = 6;
        for (var step = 1; step <= Steps; step++)
        {
            foreach (var group in groups)
            {
                await pharos.PostAsync(group, step);
            }
            await Task.Delay(1500, Cancelled);
        }
        Volatile.Write(ref isHostile, false);
        await UntilAsync(() => groups.All(group => Told(sink, group).LastOrDefault().Alerts == Steps), () => pharos.Log);
        foreach (var group in groups)
        {
            await pharos.PostAsync(group, Steps, resolved: true);
        }
        await UntilAsync(() => groups.All(group => Told(sink, group).LastOrDefault().Firing == 0), () => pharos.Log);
        Assert.All(Enumerable.Range(2, 7), kind => Assert.True(asked.GetValueOrDefault(kind) > 0, $"never answered in way {kind}"));
        foreach (var group in groups)
        {
            var story = Told(sink, group);
            Assert.Equal(story.Select(told => told.Alerts).Order(), story.Select(told => told.Alerts));
            // Nothing fires behind the end, and that comes once.
            Assert.Single(story, told => told.Firing == 0);
            Assert.Equal(Steps, story[^1].Alerts);
        }
    }

    /// <summary>Nobody answers the connection itself: other receivers do not wait, and what waited arrives when the way is free.</summary>
    [Fact]
    public async Task A_black_hole_delays_no_other_and_loses_nothing()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        await using var hole = new BlackHole();
        await hole.FillAsync();
        await using var sink = new WebhookSink();
        await using var pharos = await Served.StartAsync($$"""
            route: {receiver: both, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 12h}
            receivers: [{name: both, webhook_configs: [{url: 'http://{{hole.Authority}}/hole'}, {url: 'http://{{sink.Authority}}/'}]}]
            """);
        var posted = DateTimeOffset.UtcNow;
        await pharos.PostAsync("First", 1);
        await UntilAsync(() => Told(sink, "First").Count == 1, () => pharos.Log);
        Assert.InRange(DateTimeOffset.UtcNow - posted, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await pharos.PostAsync("Second", 1);
        await UntilAsync(() => Told(sink, "Second").Count == 1, () => pharos.Log);
        // The flush of a group lasts ten seconds at least; its end is told, and the next one tries again.
        await UntilAsync(() => pharos.Log.Contains("failed after", StringComparison.Ordinal), () => pharos.Log);
        Assert.Empty(hole.Taken);
        hole.Open();
        await UntilAsync(() => hole.Taken.Any(text => text.Contains("First", StringComparison.Ordinal))
            && hole.Taken.Any(text => text.Contains("Second", StringComparison.Ordinal)), () => pharos.Log);
        Assert.Single(Told(sink, "First"));
    }

    /// <summary>What the webhook took about a group, in order: how many alerts, and how many of them fire.</summary>
    private static List<(int Alerts, int Firing)> Told(WebhookSink sink, string group) =>
    [
        .. sink.Taken.Where(taken => (string)taken.Message["groupLabels"]!["alertname"]! == group).Select(taken => taken.Message["alerts"]!.AsArray())
            .Select(alerts => (alerts.Count, alerts.Count(alert => (string)alert!["status"]! == "firing"))),
    ];

    private static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        var end = DateTimeOffset.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTimeOffset.UtcNow < end, state());
            await Task.Delay(50, Cancelled);
        }
    }

    /// <summary>A process of Pharos with a configuration, at debug level.</summary>
    private sealed class Served(string folder, PeerProcess process, HttpClient client) : IAsyncDisposable
    {
        public HttpClient Client => client;

        public string Log => string.Join('\n', process.Lines);

        public static async Task<Served> StartAsync(string config)
        {
            var folder = Directory.CreateTempSubdirectory("pharos-hostile-").FullName;
            var file = Path.Combine(folder, "alertmanager.yml");
            await File.WriteAllTextAsync(file, config, Cancelled);
            var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
            var process = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri(address, "/-/ready"), "serve", $"--alertmanager.config.file={file}",
                $"--data={folder}/data", $"--web.listen-address={address.Authority}", "--log.level=debug");
            return new Served(folder, process, new HttpClient { BaseAddress = address });
        }

        /// <summary>The first so many alerts of a group.</summary>
        public async Task PostAsync(string group, int count, bool resolved = false)
        {
            var body = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject
            {
                ["labels"] = new JsonObject { ["alertname"] = group, ["instance"] = $"i{i}" },
                ["endsAt"] = DateTimeOffset.UtcNow.AddSeconds(resolved ? 0 : 3600).ToString("O"),
            })]);
            (await client.PostAsJsonAsync("/api/v2/alerts", body, Cancelled)).EnsureSuccessStatusCode();
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await process.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
