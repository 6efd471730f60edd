using System.Collections.Concurrent;

namespace Pharos.Conformance.Tests.Peers.Cluster;

/// <summary>SIGKILL for the leader while it sends.</summary>
public sealed class LeaderKillTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

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
        await nodes.UntilAsync(async () => (await nodes.ListAsync(1, "/api/v2/alerts?filter=alertname%3DEarly0")).Count == 0, "over on the other node");
        Assert.Equal(1, await nodes.LeaderAsync());
    }
}
