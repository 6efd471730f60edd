using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>The way of a source's entries to one client: a bounded queue, relabeling, the pipeline.</summary>
internal sealed class SourceFeed : IEntryOutput
{
    /// <summary>Entries that wait for the client.</summary>
    private const int Capacity = 10_000;

    private const int BatchEntries = 1000;

    /// <summary>Stages that keep entries back are asked this often.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    private readonly Channel<SourceEntry> _queue = Channel.CreateBounded<SourceEntry>(Capacity);
    private readonly List<ShippedEntry> _out = [];
    private readonly ShipContext _context;
    private readonly ShipJobOptions _job;
    private readonly IShipSink _sink;
    private readonly StagePipeline _pipeline;
    private readonly string _markKey;

    /// <summary>Entries in the pipeline or behind it whose senders wait; the numbers are their places in <see cref="StagePipeline.Held"/>.</summary>
    private readonly List<(long Number, PushReceipt Receipt)> _unsettled = [];

    private long _number;

    public SourceFeed(ShipContext context, ShipJobOptions job, IShipSink sink, string kind)
    {
        (_context, _job, _sink) = (context, job, sink);
        _pipeline = new StagePipeline(job.Stages, context.StagesOf(job.JobName), this);
        _markKey = $"ship-cursor/{Uri.EscapeDataString(sink.Name)}/{Uri.EscapeDataString(job.JobName)}/{kind}";
        Cursor = sink.Marks().GetValueOrDefault(_markKey);
    }

    /// <summary>Where the source stood at the start; null where nothing is known.</summary>
    public string? Cursor { get; }

    public bool TryPut(SourceEntry entry)
    {
        // Before it can arrive, or the receipt is settled too early.
        entry.Receipt?.Add();
        if (_queue.Writer.TryWrite(entry))
        {
            return true;
        }
        entry.Receipt?.Settle();
        return false;
    }

    public async ValueTask PutAsync(SourceEntry entry, CancellationToken cancellation)
    {
        entry.Receipt?.Add();
        try
        {
            await _queue.Writer.WriteAsync(entry, cancellation).ConfigureAwait(false);
        }
        catch
        {
            entry.Receipt?.Settle();
            throw;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                wait.CancelAfter(FlushInterval);
                try
                {
                    await _queue.Reader.WaitToReadAsync(wait.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    // Time to look at what stages keep back.
                }
                await PassAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What is in the queue is lost, where its source cannot send it again.
        }
        catch (Exception e)
        {
            _context.Logger.LogError(e, "Job {Job}: entries are not shipped any more", _job.JobName);
        }
    }

    void IEntryOutput.Take(ShippedEntry entry) => _out.Add(entry);

    private async ValueTask PassAsync(CancellationToken cancellation)
    {
        string? cursor = null;
        for (var i = 0; i < BatchEntries && _queue.Reader.TryRead(out var entry); i++)
        {
            cursor = entry.Cursor ?? cursor;
            if (entry.Receipt is { } receipt)
            {
                _unsettled.Add((++_number, receipt));
            }
            if (Relabelled(entry) is { } shipped)
            {
                _pipeline.Process(shipped);
            }
        }
        _pipeline.Flush(everything: false);
        if (_out.Count > 0 || cursor is not null)
        {
            KeyValuePair<string, string>[] marks = cursor is null ? [] : [new(_markKey, cursor)];
            await _sink.DeliverAsync(new ShipBatch(_out, marks, More: _queue.Reader.Count > 0), cancellation).ConfigureAwait(false);
            _out.Clear();
        }
        Settle();
        if (_pipeline.Context.Wait is var wait && wait > TimeSpan.Zero)
        {
            _pipeline.Context.Wait = TimeSpan.Zero;
            await Task.Delay(wait, _context.Time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Null where relabeling drops it.</summary>
    private ShippedEntry? Relabelled(SourceEntry entry)
    {
        var labels = new LabelSetBuilder(entry.Labels);
        if (!Relabeler.Apply(_job.RelabelRules, labels))
        {
            return null;
        }
        var tenant = labels[ShipLabels.Tenant];
        foreach (var label in labels.Labels.ToArray())
        {
            if (label.Name.StartsWith("__", StringComparison.Ordinal))
            {
                labels.Remove(label.Name);
            }
        }
        var shipped = new ShippedEntry(labels.Build(), entry.TimeNs, entry.Line) { Tenant = string.IsNullOrEmpty(tenant) ? null : tenant };
        shipped.Metadata.AddRange(entry.Metadata);
        if (entry.Receipt is not null)
        {
            shipped.Sources.Add(new SourceRange(_number, _number + 1));
        }
        return shipped;
    }

    /// <summary>All that went into the pipeline has been delivered or dropped, but what stages keep back.</summary>
    private void Settle()
    {
        if (_unsettled.Count == 0)
        {
            return;
        }
        var held = _pipeline.Held();
        _unsettled.RemoveAll(entry =>
        {
            if (held.Exists(range => range.Start <= entry.Number && entry.Number < range.End))
            {
                return false;
            }
            entry.Receipt.Settle();
            return true;
        });
    }
}
