using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Pharos.Storage.Upkeep;

/// <summary>The loops that keep an open store tidy, until this is disposed of. What fails is logged, counted and tried again.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="log">Takes what failed.</param>
internal sealed class UpkeepLoops(TimeProvider time, Action<Exception> log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    /// <summary>Whether there ever was one.</summary>
    public bool AreStarted => _loops.Count > 0;

    /// <summary>Does something again and again.</summary>
    public void Each(TimeSpan interval, Action<CancellationToken> action, Counter<long> failures) =>
        _loops.Add(Task.Run(() => RunEach(interval, action, failures)));

    /// <summary>Does something as often as it is due.</summary>
    public void WhenDue(ChannelReader<bool> due, Action<CancellationToken> action, Counter<long> failures) =>
        _loops.Add(Task.Run(() => RunWhenDue(due, action, failures)));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
    }

    private async Task RunWhenDue(ChannelReader<bool> due, Action<CancellationToken> action, Counter<long> failures)
    {
        try
        {
            await foreach (var _ in due.ReadAllAsync(_stopping.Token))
            {
                RunOnce(action, failures);
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes.
        }
    }

    private async Task RunEach(TimeSpan interval, Action<CancellationToken> action, Counter<long> failures)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                RunOnce(action, failures);
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes.
        }
    }

    private void RunOnce(Action<CancellationToken> action, Counter<long> failures)
    {
        try
        {
            action(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The store closes; the loop hears of it at its next wait.
        }
        catch (Exception exception)
        {
            failures.Add(1);
            log(exception);
        }
    }
}
