using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Runs one source for all clients, and again where it fails.</summary>
internal sealed class SourceRun
{
    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(5);

    /// <summary>How long a client that has no room holds up a sender, and with it the others.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly ShipContext _context;
    private readonly ShipJobOptions _job;
    private readonly SourceOptions _options;
    private readonly List<SourceFeed> _feeds;

    public SourceRun(ShipContext context, ShipJobOptions job, SourceOptions options, IEnumerable<IShipSink> sinks)
    {
        (_context, _job, _options) = (context, job, options);
        _feeds = [.. sinks.Select(sink => new SourceFeed(context, job, sink, options.Kind))];
    }

    public string Kind => _options.Kind;

    /// <summary>Why it does not run now; empty where it does.</summary>
    public string Fault { get; private set; } = "";

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll([RunSourceAsync(cancellation), .. _feeds.Select(feed => feed.RunAsync(cancellation))]);

    private async Task RunSourceAsync(CancellationToken cancellation)
    {
        _context.Metrics.TargetStarted(_options.Kind);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var source = Sources.Create(_options, _feeds[0].Cursor, _context);
                Fault = "";
                await source.RunAsync(entry => PutAsync(entry, source.CanWait, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                if (Fault != e.Message)
                {
                    _context.Logger.LogError("Job {Job}: {Kind} does not run: {Reason}", _job.JobName, _options.Kind, e.Message);
                }
                Fault = e.Message;
            }
            try
            {
                await Task.Delay(RestartWait, _context.Time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        _context.Metrics.TargetStopped(_options.Kind);
    }

    private async ValueTask<bool> PutAsync(SourceEntry entry, bool canWait, CancellationToken cancellation)
    {
        var all = true;
        foreach (var feed in _feeds)
        {
            if (feed.TryPut(entry))
            {
                continue;
            }
            all &= canWait && await WaitAsync(feed, entry, cancellation).ConfigureAwait(false);
        }
        if (!all && entry.Receipt is null)
        {
            _context.Metrics.DroppedEntries.Add(1, new KeyValuePair<string, object?>("reason", "queue_full"));
        }
        return all;
    }

    private async ValueTask<bool> WaitAsync(SourceFeed feed, SourceEntry entry, CancellationToken cancellation)
    {
        // A single client has nobody that it could hold up; and who waits for a receipt repeats everything to everybody without it.
        using var limit = _feeds.Count == 1 || entry.Receipt is not null ? new CancellationTokenSource() : new CancellationTokenSource(MaxWait, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token, cancellation, entry.Receipt?.Cancellation ?? CancellationToken.None);
        try
        {
            await feed.PutAsync(entry, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
