using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Passes everything that the store commits on to the configured remote storages.</summary>
/// <remarks>Thread-safe for reading; <see cref="ApplyAsync"/> and <see cref="DisposeAsync"/> are called one at a time. Owns
/// neither the store nor the meter.</remarks>
public sealed class RemoteWriteStorage : IAsyncDisposable
{
    /// <summary>How long a request under way may still take when its entry has changed.</summary>
    private static readonly TimeSpan ReplacePatience = TimeSpan.FromSeconds(2);

    private readonly RemoteWriteContext _context;
    private readonly TimeSpan _flushDeadline;
    private volatile RemoteWriteQueue[] _queues = [];

    /// <param name="positions">Folder where each queue's position is kept; null keeps it in memory.</param>
    /// <param name="flushDeadline">How long <see cref="DisposeAsync"/> goes on sending.</param>
    public RemoteWriteStorage(
        IMetricStore store, TimeProvider time, ILogger logger, Meter meter, string? positions, TimeSpan flushDeadline, string userAgent)
    {
        _flushDeadline = flushDeadline;
        _context = new RemoteWriteContext(
            store, time, logger, new RemoteWriteMetrics(meter, () => _queues), new LogPositions(positions), userAgent);
    }

    /// <summary>Makes these the entries at work. One that has not changed goes on undisturbed; one that has changed goes on
    /// with its new options where it stood, so that nothing is lost; one that is new begins with what is committed from now on.</summary>
    public async Task ApplyAsync(IReadOnlyList<RemoteWriteOptions> entries)
    {
        var wanted = entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        var kept = new List<RemoteWriteQueue>();
        foreach (var queue in _queues)
        {
            if (wanted.TryGetValue(queue.Options.Key, out var entry) && queue.Options.SameAs(entry))
            {
                kept.Add(queue);
                wanted.Remove(entry.Key);
                continue;
            }
            await queue.StopAsync(ReplacePatience).ConfigureAwait(false);
            if (entry is null)
            {
                _context.Positions.Remove(queue.Options.Key);
            }
        }
        foreach (var entry in wanted.Values)
        {
            try
            {
                kept.Add(new RemoteWriteQueue(entry, _context));
            }
            catch (Exception e)
            {
                _context.Logger.LogError(e, "Remote write {Name} cannot be started; the others run", entry.Name);
            }
        }
        _queues = [.. kept];
    }

    public async ValueTask DisposeAsync()
    {
        var queues = _queues;
        _queues = [];
        await Task.WhenAll(queues.Select(queue => queue.FlushAsync(_flushDeadline))).ConfigureAwait(false);
    }
}
