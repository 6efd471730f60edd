using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>Runs one group on its grid: whole intervals since the epoch, shifted by a hash of the group, so that groups do
/// not all evaluate at once and a restart keeps the times.</summary>
/// <param name="mayEvaluate">Asked before each evaluation; where it says no, that one is missed.</param>
internal sealed class RuleGroupLoop(RuleGroupRuntime group, TimeProvider time, ILogger logger, RuleMetrics metrics, SemaphoreSlim slots,
    Func<bool> mayEvaluate) : IAsyncDisposable
{
    /// <summary>A timer takes 49 days at most; a longer interval is waited for in parts.</summary>
    private const long MaxWaitMs = 24L * 60 * 60 * 1000;

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public RuleGroupRuntime Group => group;

    public void Start() => _running = RunAsync(_stopping.Token);

    /// <summary>The last time of the grid that is not after now.</summary>
    internal static long LastOnGridMs(RuleGroupOptions options, long nowMs)
    {
        var intervalMs = (long)options.Interval.TotalMilliseconds;
        var hash = Fingerprint.Of(LabelSet.From(("file", options.File), ("name", options.Name)));
        var offsetMs = (long)(hash % (ulong)intervalMs);
        var shifted = nowMs - offsetMs;
        return shifted - (((shifted % intervalMs) + intervalMs) % intervalMs) + offsetMs;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var intervalMs = (long)group.Options.Interval.TotalMilliseconds;
        var nextMs = LastOnGridMs(group.Options, time.GetUtcNow().ToUnixTimeMilliseconds()) + intervalMs;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await WaitUntilAsync(nextMs, cancellation);
                await slots.WaitAsync(cancellation);
                try
                {
                    nextMs = SkipMissed(nextMs, intervalMs);
                    if (mayEvaluate())
                    {
                        group.Evaluate(DateTimeOffset.FromUnixTimeMilliseconds(nextMs), cancellation);
                    }
                    else
                    {
                        metrics.Missed(group.Key, 1);
                    }
                }
                finally
                {
                    slots.Release();
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "Evaluation of rule group {Group} failed and goes on at its next time", group.Key);
            }
            nextMs += intervalMs;
        }
    }

    private async Task WaitUntilAsync(long momentMs, CancellationToken cancellation)
    {
        for (var leftMs = LeftMs(momentMs); leftMs > 0; leftMs = LeftMs(momentMs))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(leftMs, MaxWaitMs)), time, cancellation);
        }
    }

    private long LeftMs(long momentMs) => momentMs - time.GetUtcNow().ToUnixTimeMilliseconds();

    private long SkipMissed(long nextMs, long intervalMs)
    {
        var missed = (time.GetUtcNow().ToUnixTimeMilliseconds() - nextMs) / intervalMs;
        if (missed > 0)
        {
            metrics.Missed(group.Key, missed);
        }
        return nextMs + (Math.Max(0, missed) * intervalMs);
    }
}
