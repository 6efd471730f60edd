using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Pharos.Conformance.Tests.Peers.Cluster;

/// <summary>Two nodes on one database notify once, and what happens to one of them, or to the database, loses nothing.</summary>
public sealed class TwoNodeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_notify_once_and_share_alerts_silences_and_status()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        string[] alerts = [.. Enumerable.Range(0, 50).Select(i => $"Both{i}")];
        await nodes.PostAsync(0, alerts);
        await nodes.PostAsync(1, alerts);
        await nodes.PostAsync(1, ["OnlyAtTheFollower"]);
        await nodes.TakenAsync(alerts.Append("OnlyAtTheFollower").Select(alert => $"{alert} firing"));

        var silence = await SilenceAsync(nodes, 1, "Silenced");
        await nodes.PostAsync(0, ["Silenced"]);
        Assert.Equal(HttpStatusCode.OK, (await nodes.Client(0).GetAsync($"/api/v2/silence/{silence}", Cancelled)).StatusCode);
        await nodes.UntilAsync(async () => (await ListAsync(nodes, 1, "/api/v2/alerts?filter=alertname%3DSilenced")).Count == 1, "the alert is on the other node");
        var status = (await nodes.Client(1).GetFromJsonAsync<JsonNode>("/api/v2/status", Cancelled))!["cluster"]!;
        Assert.Equal("ready", (string)status["status"]!);
        Assert.Equal(2, status["peers"]!.AsArray().Count);
        Assert.Contains(status["peers"]!.AsArray(), peer => (string)peer!["name"]! == (string)status["name"]!);

        await nodes.PostAsync(1, alerts, resolved: true);
        await nodes.PostAsync(0, alerts, resolved: true);
        await nodes.TakenAsync(alerts.Select(alert => $"{alert} resolved"));
        (await nodes.Client(0).DeleteAsync($"/api/v2/silence/{silence}", Cancelled)).EnsureSuccessStatusCode();
        await nodes.TakenAsync(["Silenced firing"]);
        // Another interval of every group.
        await Task.Delay(2500, Cancelled);
        Assert.Equal(nodes.Taken().Distinct(), nodes.Taken());
        Assert.Equal("1", await nodes.MetricAsync(0, "pharos_cluster_leader"));
        Assert.Equal("0", await nodes.MetricAsync(1, "pharos_cluster_leader"));
        Assert.Equal("2", await nodes.MetricAsync(1, "alertmanager_cluster_members"));
        // The history is that of both.
        var history = (await nodes.Client(1).GetFromJsonAsync<JsonNode>("/api/pharos/notifications?limit=500", Cancelled))!.ToJsonString();
        Assert.Contains("OnlyAtTheFollower", history, StringComparison.Ordinal);
        var flags = await nodes.Client(0).GetStringAsync("/api/v1/status/flags", Cancelled);
        Assert.DoesNotContain("not-to-be-shown", flags, StringComparison.Ordinal);

        // Ended cleanly, the leader leaves at once.
        await nodes.Process(0).SignalAsync("TERM");
        await nodes.UntilAsync(async () => await nodes.MetricAsync(1, "pharos_cluster_leader") == "1", "the other leads", TimeSpan.FromSeconds(5));
        await nodes.PostAsync(1, ["Afterwards"]);
        await nodes.TakenAsync(["Afterwards firing"], TimeSpan.FromSeconds(5));
        Assert.Equal(nodes.Taken().Distinct(), nodes.Taken());
        foreach (var line in nodes.Process(0).Lines.Concat(nodes.Process(1).Lines))
        {
            Assert.DoesNotContain("not-to-be-shown", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_leader_that_is_killed_in_the_middle_is_replaced_and_only_what_the_receiver_had_taken_comes_twice()
    {
        // An interval that nobody waits for: whoever takes over must go on at once.
        await using var nodes = await ClusterNodes.StartAsync("group_wait: 500ms, group_interval: 5m");
        string[] early = [.. Enumerable.Range(0, 20).Select(i => $"Early{i}")];
        await nodes.PostAsync(0, early);
        await nodes.TakenAsync(early.Select(alert => $"{alert} firing"));
        // Answers are on their way to disk for a moment.
        await Task.Delay(500, Cancelled);

        string[] late = [.. Enumerable.Range(0, 300).Select(i => $"Late{i}")];
        var inFlight = new ConcurrentDictionary<string, bool>();
        var reached = new TaskCompletionSource();
        var isDead = false;
        var count = 0;
        nodes.Sink.Answer = async (_, message) =>
        {
            var name = (string)message["groupLabels"]!["alertname"]!;
            if (!Volatile.Read(ref isDead))
            {
                inFlight[name] = true;
                if (Interlocked.Increment(ref count) == 60)
                {
                    reached.TrySetResult();
                }
                await Task.Delay(20, Cancelled);
            }
            return 200;
        };
        await nodes.PostAsync(0, late);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancelled);
        await nodes.Process(0).KillAsync();
        Volatile.Write(ref isDead, true);
        var killed = DateTimeOffset.UtcNow;
        await nodes.TakenAsync(late.Select(alert => $"{alert} firing"));
        Assert.True(DateTimeOffset.UtcNow - killed < ClusterNodes.TakeoverLimit);
        await Task.Delay(1000, Cancelled);

        var twice = nodes.Taken().GroupBy(taken => taken).Where(same => same.Count() > 1).Select(same => same.Key.Split(' ')[0]).ToArray();
        Assert.All(twice, name => Assert.True(inFlight.ContainsKey(name), name));
        Assert.DoesNotContain(twice, name => name.StartsWith("Early", StringComparison.Ordinal));

        // What the first had told is over for the second as well; a restarted node follows.
        await nodes.StartAsync(0);
        await nodes.PostAsync(0, ["Early0"], resolved: true);
        await nodes.UntilAsync(async () => (await ListAsync(nodes, 1, "/api/v2/alerts?filter=alertname%3DEarly0")).Count == 0, "over on the other node");
        Assert.Equal(1, await nodes.LeaderAsync());
    }

    [Fact]
    public async Task A_leader_that_stood_still_sends_nothing_when_it_goes_on()
    {
        await using var nodes = await ClusterNodes.StartAsync("group_wait: 1s, group_interval: 2s");
        string[] alerts = [.. Enumerable.Range(0, 40).Select(i => $"Stopped{i}")];
        await nodes.PostAsync(0, alerts);
        // Before the group wait is over: when it goes on everything is due, for it and for the other.
        await nodes.Process(0).SignalAsync("STOP");
        await nodes.TakenAsync(alerts.Select(alert => $"{alert} firing"));
        Assert.Equal("1", await nodes.MetricAsync(1, "pharos_cluster_leader"));
        await nodes.Process(0).SignalAsync("CONT");
        await nodes.UntilAsync(async () => await nodes.MetricAsync(0, "pharos_cluster_leader") == "0", "the old leader follows");
        await Task.Delay(2500, Cancelled);
        Assert.Equal(alerts.Length, nodes.Taken().Count);
        await nodes.PostAsync(0, alerts, resolved: true);
        await nodes.TakenAsync(alerts.Select(alert => $"{alert} resolved"));
        Assert.Equal(alerts.Length * 2, nodes.Taken().Count);
    }

    [Fact]
    public async Task While_the_database_is_away_silences_are_refused_and_alerts_kept_and_afterwards_everything_goes_on()
    {
        await using var nodes = await ClusterNodes.StartAsync("group_wait: 500ms, group_interval: 1s");
        await nodes.PostAsync(0, ["Before"]);
        await nodes.TakenAsync(["Before firing"]);
        nodes.Postgres.Stop();
        await nodes.PostAsync(0, ["Meanwhile"]);
        await nodes.PostAsync(1, ["MeanwhileAtTheOther"]);
        var refusal = await nodes.Client(0).PostAsJsonAsync("/api/v2/silences", Silence("Refused"), Cancelled);
        Assert.Equal(HttpStatusCode.InternalServerError, refusal.StatusCode);
        var text = await refusal.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains($"PostgreSQL 127.0.0.1:{nodes.Postgres.Port}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", text, StringComparison.Ordinal);
        await nodes.UntilAsync(async () => await nodes.LeaderAsync() == -1, "nobody leads without the database");
        Assert.Equal(["Before firing"], nodes.Taken());

        nodes.Postgres.StartAgain();
        await nodes.TakenAsync(["Meanwhile firing", "MeanwhileAtTheOther firing"]);
        await SilenceAsync(nodes, 1, "Taken");
        await Task.Delay(1500, Cancelled);
        Assert.Equal(nodes.Taken().Distinct(), nodes.Taken());
        Assert.Equal(0, await nodes.LeaderAsync());
    }

    private static JsonObject Silence(string alert) => new()
    {
        ["matchers"] = new JsonArray(new JsonObject { ["name"] = "alertname", ["value"] = alert, ["isRegex"] = false }),
        ["startsAt"] = DateTimeOffset.UtcNow.ToString("O"),
        ["endsAt"] = DateTimeOffset.UtcNow.AddHours(1).ToString("O"),
        ["createdBy"] = "test",
        ["comment"] = "test",
    };

    private static async Task<string> SilenceAsync(ClusterNodes nodes, int node, string alert)
    {
        var answer = await nodes.Client(node).PostAsJsonAsync("/api/v2/silences", Silence(alert), Cancelled);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!["silenceID"]!;
    }

    private static async Task<JsonArray> ListAsync(ClusterNodes nodes, int node, string path) =>
        (await nodes.Client(node).GetFromJsonAsync<JsonNode>(path, Cancelled))!.AsArray();
}
