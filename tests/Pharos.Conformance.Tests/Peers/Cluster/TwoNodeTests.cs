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

        var silence = await nodes.SilenceAsync(1, "Silenced");
        await nodes.PostAsync(0, ["Silenced"]);
        Assert.Equal(HttpStatusCode.OK, (await nodes.Client(0).GetAsync($"/api/v2/silence/{silence}", Cancelled)).StatusCode);
        await nodes.UntilAsync(async () => (await nodes.ListAsync(1, "/api/v2/alerts?filter=alertname%3DSilenced")).Count == 1, "the alert is on the other node");
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
    public async Task While_the_database_is_away_silences_are_refused_and_alerts_kept_and_afterwards_everything_goes_on()
    {
        await using var nodes = await ClusterNodes.StartAsync("group_wait: 500ms, group_interval: 1s");
        await nodes.PostAsync(0, ["Before"]);
        await nodes.TakenAsync(["Before firing"]);
        nodes.Postgres.Stop();
        await nodes.PostAsync(0, ["Meanwhile"]);
        await nodes.PostAsync(1, ["MeanwhileAtTheOther"]);
        var said = await nodes.Client(0).PostAsJsonAsync("/api/pharos/webhook", new JsonObject { ["title"] = "SaidOnce", ["status"] = "firing" }, Cancelled);
        Assert.Equal(HttpStatusCode.InternalServerError, said.StatusCode);
        var refusal = await nodes.Client(0).PostAsJsonAsync("/api/v2/silences", ClusterNodes.Silence("Refused"), Cancelled);
        Assert.Equal(HttpStatusCode.InternalServerError, refusal.StatusCode);
        var text = await refusal.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains($"PostgreSQL 127.0.0.1:{nodes.Postgres.Port}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", text, StringComparison.Ordinal);
        await nodes.UntilAsync(async () => await nodes.LeaderAsync() == -1, "nobody leads without the database");
        Assert.Equal(["Before firing"], nodes.Taken());

        nodes.Postgres.StartAgain();
        await nodes.TakenAsync(["Meanwhile firing", "MeanwhileAtTheOther firing"]);
        await nodes.SilenceAsync(1, "Taken");
        await Task.Delay(1500, Cancelled);
        Assert.Equal(nodes.Taken().Distinct(), nodes.Taken());
        Assert.Equal(0, await nodes.LeaderAsync());
    }

    /// <summary>Worse than away: every connection stays and none answers, so that only time tells.</summary>
    [Fact]
    public async Task A_database_that_stands_still_and_then_restarts_loses_nothing_and_one_node_leads_afterwards()
    {
        await using var nodes = await ClusterNodes.StartAsync("group_wait: 500ms, group_interval: 1s");
        await nodes.PostAsync(0, ["Before", "Ends"]);
        await nodes.TakenAsync(["Before firing", "Ends firing"]);
        var silence = await nodes.SilenceAsync(1, "Silenced");
        nodes.Postgres.Freeze();
        try
        {
            // The leader may not go on longer than its lease, whatever it cannot ask.
            await nodes.UntilAsync(async () => await nodes.LeaderAsync() == -1, "nobody leads", TimeSpan.FromSeconds(30));
            await nodes.PostAsync(0, ["Meanwhile", "Silenced"]);
            await nodes.PostAsync(1, ["MeanwhileAtTheOther"]);
            await nodes.PostAsync(0, ["Ends"], resolved: true);
            await nodes.PostAsync(1, ["Ends"], resolved: true);
            await Task.Delay(1500, Cancelled);
            Assert.Equal(2, nodes.Taken().Count);
        }
        finally
        {
            nodes.Postgres.Thaw();
        }
        await nodes.TakenAsync(["Meanwhile firing", "MeanwhileAtTheOther firing", "Ends resolved"], TimeSpan.FromSeconds(45));
        await OneLeadsAsync(nodes);

        nodes.Postgres.Stop();
        await nodes.PostAsync(0, ["WhileItRestarts"]);
        nodes.Postgres.StartAgain();
        await nodes.TakenAsync(["WhileItRestarts firing"], TimeSpan.FromSeconds(45));
        await OneLeadsAsync(nodes);

        // State moves on, on both.
        var another = await nodes.SilenceAsync(0, "Another");
        foreach (var id in (string[])[silence, another])
        {
            await nodes.UntilAsync(async () => (await nodes.ListAsync(0, "/api/v2/silences")).Any(one => (string)one!["id"]! == id)
                && (await nodes.ListAsync(1, "/api/v2/silences")).Any(one => (string)one!["id"]! == id), $"silence {id} on both");
        }
        (await nodes.Client(1).DeleteAsync($"/api/v2/silence/{silence}", Cancelled)).EnsureSuccessStatusCode();
        await nodes.TakenAsync(["Silenced firing"]);
        await Task.Delay(1500, Cancelled);
        Assert.Equal(nodes.Taken().Distinct(), nodes.Taken());
        foreach (var line in nodes.Process(0).Lines.Concat(nodes.Process(1).Lines))
        {
            Assert.DoesNotContain("not-to-be-shown", line, StringComparison.Ordinal);
        }
    }

    private static Task OneLeadsAsync(ClusterNodes nodes) => nodes.UntilAsync(async () =>
    {
        string[] says = [await nodes.MetricAsync(0, "pharos_cluster_leader"), await nodes.MetricAsync(1, "pharos_cluster_leader")];
        return says.Order(StringComparer.Ordinal).SequenceEqual(["0", "1"]);
    }, "one of them leads");
}
