using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Appending;
using Pharos.Storage.Files;
using Pharos.Storage.Sealed;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Head;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Traces.Search;
using Pharos.Storage.Traces.Upkeep;
using Pharos.Storage.Upkeep;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Traces;

/// <summary>Spans on one machine: heads in memory, a log that lets them survive, sealed blocks on disk.</summary>
/// <remarks>Thread-safe. Lock order: sealing, merging, publishing, commit, leaves (pending batches, the view, a head, the log's own). A batch is
/// written to the log before it is visible.</remarks>
public sealed class TraceStore : ITraceStore
{
    /// <summary>Spans in memory take this many times <see cref="TraceStoreOptions.HeadBytes"/> at most: then appends wait for a head to be sealed.</summary>
    private const int MaxHeads = 4;

    /// <summary>Writers of records that are kept; more appenders at a time make their own.</summary>
    private const int MaxRecordWriters = 16;

    private readonly TraceStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly TraceStoreInstruments _instruments;
    private readonly TraceStoreDisk _disk;
    private readonly StoreViews<TraceView> _views;
    private readonly TraceMaintenance _maintenance;
    private readonly UpkeepLoops _upkeep;
    private readonly ConcurrentBag<SpanRecordWriter> _writers = [];

    private readonly Lock _commitLock = new();
    private readonly WalGroup _group = new();
    private long _newestNs;
    private bool _isDisposed;

    private readonly CommitQueue<SpanRecord> _waiting = new();
    private readonly Watchers<SpanBatch> _watchers = new();

    private TraceStore(TraceStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger, Meter meter)
    {
        (_options, _time) = (options, time);
        _instruments = new TraceStoreInstruments(meter);
        _disk = TraceStoreDisk.Open(options, files, time, _instruments, logger);
        _newestNs = _disk.NewestNs;
        _views = new StoreViews<TraceView>(_disk.View);
        _maintenance = new TraceMaintenance(options, files, time, _views, _disk.Folder, _instruments, logger)
        {
            FirstSegment = _disk.FirstSegment,
            StartNewHead = StartNewHead,
            NewestNs = () => Volatile.Read(ref _newestNs),
        };
        _maintenance.RemoveReplaced();
        _upkeep = new UpkeepLoops(time, exception => logger.LogError(exception, "Trace store: upkeep failed; it is tried again"));
        _instruments.Observe(this);
    }

    internal TraceView View => _views.Current;

    internal TraceMaintenance Maintenance => _maintenance;

    /// <summary>Opens the store on disk and starts its upkeep in the background.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process has it open. Damaged files are no reason
    /// to fail: they are logged, counted and stepped over.</exception>
    public static TraceStore Open(TraceStoreOptions options, TimeProvider time, ILogger logger, Meter meter)
    {
        var store = Open(options, new DiskFileSystem(), time, logger, meter);
        store.StartUpkeep();
        return store;
    }

    /// <summary>As <see cref="Open(TraceStoreOptions, TimeProvider, ILogger, Meter)"/>, on any file system and without upkeep.</summary>
    internal static TraceStore Open(TraceStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger, Meter meter) =>
        new(options, files, time, logger, meter);

    public void Append(SpanBatch batch)
    {
        if (batch.Count == 0)
        {
            return;
        }
        WaitForRoom();
        var record = RecordOf(batch);
        if (_options.Fsync == FsyncPolicy.EachCommit)
        {
            AppendTogether(record);
        }
        else
        {
            lock (_commitLock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                Commit([record]);
            }
        }
        _watchers.Tell(batch);
    }

    public Trace? Get(string tenant, TraceId id, int maxSpans = int.MaxValue)
    {
        using var query = Query();
        return query.Get(tenant, id, maxSpans);
    }

    public IEnumerable<Trace> Find(TraceFilter filter, CancellationToken cancellation)
    {
        using var query = Query();
        foreach (var (summary, pieces) in query.Search(filter, cancellation))
        {
            yield return new Trace(summary.Id, [.. SpanOrder.Merged(pieces)], 0);
        }
    }

    public IEnumerable<TraceSummary> Summaries(TraceFilter filter, CancellationToken cancellation)
    {
        using var query = Query();
        foreach (var (summary, _) in query.Search(filter, cancellation))
        {
            yield return summary;
        }
    }

    public IEnumerable<Span> Spans(TraceFilter filter, CancellationToken cancellation)
    {
        using var query = Query();
        foreach (var (summary, pieces) in query.Search(filter, cancellation))
        {
            var facts = TraceFacts.Of(summary);
            foreach (var span in SpanOrder.Merged(pieces))
            {
                if (SpanMatch.Satisfies(span, filter, facts))
                {
                    yield return span;
                }
            }
        }
    }

    public IReadOnlyList<string> Services(string tenant, long startNs, long endNs) =>
        [.. Gather(GatheredFacts.OfServices(), tenant, startNs, endNs).Services.Order(StringComparer.Ordinal)];

    public IReadOnlyList<OperationName> Operations(string tenant, string service, long startNs, long endNs) =>
    [
        .. Gather(GatheredFacts.OfOperations(service), tenant, startNs, endNs).Operations
            .OrderBy(static operation => operation.Name, StringComparer.Ordinal).ThenBy(static operation => operation.Kind),
    ];

    public IReadOnlyList<string> AttributeKeys(string tenant, AttributeScopes scope, long startNs, long endNs, int limit) =>
        [.. Gather(GatheredFacts.OfKeys(scope), tenant, startNs, endNs).Keys.Order(StringComparer.Ordinal).Take(limit)];

    public IReadOnlyList<AttributeValue> AttributeValues(
        string tenant, AttributeScopes scopes, string key, long startNs, long endNs, int limit) =>
        [.. Gather(GatheredFacts.OfValues(scopes, key, limit), tenant, startNs, endNs).Values];

    public IDisposable Watch(Action<SpanBatch> appended) => _watchers.Add(appended);

    public void Flush(CancellationToken cancellation) => _maintenance.Flush(cancellation);

    /// <summary>Puts other limits of what is kept into effect; they are kept to from the next upkeep on.</summary>
    public void Reconfigure(TimeSpan retentionTime, long retentionBytes) => _maintenance.Reconfigure(retentionTime, retentionBytes);

    /// <summary>Seals, merges and removes whatever is due now; runs by itself at the maintenance interval.</summary>
    public void RunMaintenance() => RunMaintenance(CancellationToken.None);

    public TraceStoreStatus Status()
    {
        var view = _views.Current;
        return new TraceStoreStatus(view.Heads.Sum(static head => (long)head.Spans), view.Heads.Sum(static head => head.Bytes), view.Blocks.Length,
            view.Blocks.Sum(static block => block.Meta.Spans), view.Blocks.Sum(static block => block.SizeBytes) + WalSizeBytes())
        {
            Quarantined = _disk.Folder.Blocks.Quarantined,
        };
    }

    public async ValueTask DisposeAsync()
    {
        lock (_commitLock)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
        }
        await _upkeep.DisposeAsync();
        ISealedFile.ReleaseAll(_views.Current.Blocks);
        _disk.Dispose();
    }

    internal long WalSizeBytes() => _disk.WalSizeBytes(_maintenance.WalDirectory);

    private TraceQuery Query()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return new TraceQuery(_views, _disk.Folder);
    }

    private GatheredFacts Gather(GatheredFacts facts, string tenant, long startNs, long endNs)
    {
        using var query = Query();
        query.Collect(tenant, startNs, endNs, facts, CancellationToken.None);
        return facts;
    }

    private void RunMaintenance(CancellationToken cancellation)
    {
        if (_views.Current.Newest is { SinceTimestamp: { } since } && _time.GetElapsedTime(since) >= _options.HeadAge)
        {
            StartNewHead();
        }
        _maintenance.SealOldHeads(cancellation);
        _maintenance.RunMerges(cancellation);
    }

    private void StartUpkeep()
    {
        _upkeep.Each(_options.MaintenanceInterval, RunMaintenance, _instruments.MergeFailures);
        _upkeep.WhenDue(_disk.IsSealDue.Reader, SealDue, _instruments.SealFailures);
        if (_options.Fsync == FsyncPolicy.Interval)
        {
            _upkeep.Each(_options.FsyncInterval, _ => _disk.Wal.Sync(), _instruments.WalFailures);
        }
    }

    private void SealDue(CancellationToken cancellation)
    {
        if (_views.Current.Newest.Bytes >= _options.HeadBytes)
        {
            StartNewHead();
        }
        _maintenance.SealOldHeads(cancellation);
    }

    /// <summary>Holds appends up while memory is full of spans that are not sealed, and seals them.</summary>
    private void WaitForRoom()
    {
        if (_views.Current.Heads.Sum(static head => head.Bytes) >= MaxHeads * _options.HeadBytes)
        {
            SealDue(CancellationToken.None);
        }
    }

    private SpanRecord RecordOf(SpanBatch batch)
    {
        var writer = _writers.TryTake(out var kept) ? kept : new SpanRecordWriter();
        var payload = writer.Write(batch);
        if (_writers.Count < MaxRecordWriters)
        {
            _writers.Add(writer);
        }
        return SpanRecord.Parse(payload, "a batch", 0);
    }

    private void AppendTogether(SpanRecord record)
    {
        var own = _waiting.Add(record);
        lock (_commitLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _waiting.Store(own, Commit);
        }
        own.ThrowIfFailed();
    }

    /// <summary>Stores batches with one write, all or none.</summary>
    private void Commit(IReadOnlyList<SpanRecord> records)
    {
        System.Diagnostics.Debug.Assert(_commitLock.IsHeldByCurrentThread);
        var head = _views.Current.Newest;
        try
        {
            foreach (var record in records)
            {
                _group.Add(record.Payload);
            }
            _disk.Wal.Append(_group);
            _instruments.WalBytes.Add(_group.Frames.Length);
            _instruments.WalRecords.Add(records.Count);
        }
        catch (IOException)
        {
            _instruments.WalFailures.Add(1);
            throw;
        }
        finally
        {
            _group.Clear();
        }
        foreach (var record in records)
        {
            head.Add(record);
            _newestNs = Math.Max(_newestNs, record.NewestNs);
            _instruments.Spans.Add(record.Spans.Length);
        }
        head.SinceTimestamp ??= _time.GetTimestamp();
        if (head.Bytes >= _options.HeadBytes)
        {
            _disk.IsSealDue.Writer.TryWrite(true);
        }
    }

    /// <summary>From now on spans go to a new head, and the one before waits to be sealed.</summary>
    private void StartNewHead()
    {
        // What is written until now need not be synced while appenders wait.
        _disk.Wal.Sync();
        lock (_commitLock)
        {
            var head = _views.Current.Newest;
            if (_isDisposed || head.Spans == 0)
            {
                return;
            }
            head.EndSegment = _disk.Wal.Rotate();
            _views.Change(now => now with { Heads = [.. now.Heads, new TraceHead()] });
        }
    }
}
