namespace Pharos.Conformance.Tests.Peers.Cluster;

/// <summary>SIGSTOP and SIGCONT for the leader: it goes on with what it was about to do, and finds that another one leads.</summary>
public sealed class LeaderPauseTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

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
}
