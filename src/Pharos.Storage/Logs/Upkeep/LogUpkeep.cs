using Microsoft.Extensions.Logging;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Logs.Upkeep;

/// <summary>The loops that keep an open store tidy.</summary>
/// <param name="maintain">Seals, merges and removes what is due.</param>
/// <param name="seal">Seals heads that are full.</param>
internal sealed class LogUpkeep(LogStoreOptions options, TimeProvider time, LogStoreDisk disk, Action<CancellationToken> maintain,
    Action<CancellationToken> seal, LogStoreInstruments instruments, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    public void Start()
    {
        _loops.Add(Task.Run(() => RunEach(options.MaintenanceInterval, () => maintain(_stopping.Token), instruments.MergeFailures)));
        _loops.Add(Task.Run(SealWhenDue));
        if (options.Fsync == FsyncPolicy.Interval)
        {
            _loops.Add(Task.Run(() => RunEach(options.FsyncInterval, disk.Wal.Sync, instruments.WalFailures)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
    }

    private async Task SealWhenDue()
    {
        try
        {
            await foreach (var _ in disk.IsSealDue.Reader.ReadAllAsync(_stopping.Token))
            {
                RunOnce(() => seal(_stopping.Token), instruments.SealFailures);
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes.
        }
    }

    private async Task RunEach(TimeSpan interval, Action action, System.Diagnostics.Metrics.Counter<long> failures)
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

    private void RunOnce(Action action, System.Diagnostics.Metrics.Counter<long> failures)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            // The store closes; the loop hears of it at its next wait.
        }
        catch (Exception exception)
        {
            failures.Add(1);
            logger.LogError(exception, "Log store: upkeep failed; it is tried again at the next interval");
        }
    }
}
