using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pharos.Conformance.Tests.Peers;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>The real executable, ended by SIGKILL at every step of a flush: no notification is lost, and twice comes only what was
/// taken by the receiver so shortly before that Pharos could not yet know.</summary>
public sealed class FlushKillTests
{
    private const int GroupsAtOnce = 40;

    /// <summary>What was answered longer before the kill than this is on disk, however busy the machine.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<(string Alert, bool IsFiring, DateTimeOffset At)> _seen = new();
    private readonly List<DateTimeOffset> _kills = [];
    private TaskCompletionSource _reached = new();

    /// <summary>By alert: how long after its request the kill comes, and whether it is answered before; null for no request at all.</summary>
    private static readonly (string Alert, int? AfterMs, bool IsAnswered)[] Points =
    [
        ("BeforeTheFlush", null, false), ("WhileTheReceiverThinks", 100, false), ("WithTheAnswer", 0, true), ("After10", 10, true),
        ("After100", 100, true), ("After1000", 1000, true),
    ];

    [Fact]
    public async Task Nothing_is_lost_and_nothing_comes_twice_but_what_could_not_be_known()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-flush-kills").FullName;
        await using var sink = new WebhookSink();
        var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), $$"""
            route: {receiver: hook, group_by: [alertname], group_wait: 300ms, group_interval: 500ms, repeat_interval: 12h}
            receivers: [{name: hook, webhook_configs: [{url: 'http://{{sink.Authority}}/'}]}]
            """, TestContext.Current.CancellationToken);
        try
        {
            using var client = new HttpClient { BaseAddress = address };
            var server = await StartAsync(folder, address);
            foreach (var point in Points)
            {
                Arm(sink, point.Alert, point.IsAnswered);
                await PostAsync(client, [point.Alert], resolved: false);
                await WaitForAsync(point.AfterMs);
                server = await RestartAsync(server, folder, address);
                await SeenAsync(server, [point.Alert], firing: true);
            }
            string[] many = [.. Enumerable.Range(0, GroupsAtOnce).Select(i => $"Many{i}")];
            for (var kill = 0; kill < 2; kill++)
            {
                Arm(sink, $"Many{kill * 15}", isAnswered: true);
                await PostAsync(client, many, resolved: false);
                if (kill == 0)
                {
                    await _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                }
                server = await RestartAsync(server, folder, address);
            }
            await SeenAsync(server, many, firing: true);
            string[] all = [.. Points.Select(point => point.Alert), .. many];
            Arm(sink, "Many7", isAnswered: true);
            await PostAsync(client, all, resolved: true);
            await _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await using var last = await RestartAsync(server, folder, address);
            await SeenAsync(last, all, firing: false);
            // Long enough for another flush of every group.
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            NothingCameTwiceWithoutNeed();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The receiver tells of the first request about an alert; it answers it, or leaves the sender waiting for ever.</summary>
    private void Arm(WebhookSink sink, string alert, bool isAnswered)
    {
        var isFirst = 1;
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = _reached;
        sink.Answer = async (_, message) =>
        {
            var name = (string)message["groupLabels"]!["alertname"]!;
            var isThis = name == alert && Interlocked.Exchange(ref isFirst, 0) == 1;
            if (isThis && !isAnswered)
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            }
            _seen.Enqueue((name, (string)message["status"]! == "firing", DateTimeOffset.UtcNow));
            if (isThis)
            {
                reached.TrySetResult();
            }
            return 200;
        };
    }

    private async Task WaitForAsync(int? afterMs)
    {
        if (afterMs is { } wait)
        {
            await _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await Task.Delay(wait, TestContext.Current.CancellationToken);
        }
    }

    private static Task<PeerProcess> StartAsync(string folder, Uri address) => PeerProcess.ServeAsync(
        PeerProcess.Pharos, new Uri(address, "/-/ready"), "serve", $"--alertmanager.config.file={folder}/alertmanager.yml", $"--data={folder}/data",
        $"--web.listen-address={address.Authority}");

    private async Task<PeerProcess> RestartAsync(PeerProcess server, string folder, Uri address)
    {
        await server.KillAsync();
        _kills.Add(DateTimeOffset.UtcNow);
        await server.DisposeAsync();
        return await StartAsync(folder, address);
    }

    private static async Task PostAsync(HttpClient client, string[] alerts, bool resolved)
    {
        var body = new JsonArray([.. alerts.Select(alert => (JsonNode)new JsonObject
        {
            ["labels"] = new JsonObject { ["alertname"] = alert },
            ["endsAt"] = DateTimeOffset.UtcNow.AddSeconds(resolved ? 0 : 3600).ToString("O"),
        })]);
        (await client.PostAsJsonAsync("/api/v2/alerts", body)).EnsureSuccessStatusCode();
    }

    private async Task SeenAsync(PeerProcess server, string[] alerts, bool firing)
    {
        string[] missing = alerts;
        for (var attempt = 0; attempt < 300 && missing.Length > 0; attempt++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            missing = [.. alerts.Except(_seen.Where(seen => seen.IsFiring == firing).Select(seen => seen.Alert))];
        }
        Assert.True(missing.Length == 0, $"missing: {string.Join(", ", missing)}; kills at {Times(_kills)}\n{string.Join('\n', server.Lines)}");
    }

    private void NothingCameTwiceWithoutNeed()
    {
        foreach (var same in _seen.GroupBy(seen => (seen.Alert, seen.IsFiring)))
        {
            // Each but the last time: a kill followed before Pharos could know that it was taken.
            foreach (var (_, _, at) in same.OrderBy(seen => seen.At).SkipLast(1))
            {
                Assert.True(_kills.Exists(kill => kill >= at && kill - at < Known),
                    $"{same.Key} at {Times(same.Select(seen => seen.At))}; kills at {Times(_kills)}");
            }
        }
    }

    private static string Times(IEnumerable<DateTimeOffset> times) => string.Join(", ", times.Select(time => time.ToString("HH:mm:ss.fff")));
}
