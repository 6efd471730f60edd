using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics;

/// <summary>Samples on one machine: a head in memory, a log that lets it survive, sealed blocks on disk.</summary>
/// <remarks>Thread-safe. Lock order: maintenance, the head's commit lock, the log's locks, the head's creation lock, leaves.
/// A commit is written to the log before it is visible; whoever opened a querier before sees nothing of it.</remarks>
public sealed class MetricStore : IMetricStore
{
    private const int MaxKeptBatches = 64;
    private const int InMemoryExemplars = 100_000;
    private static readonly TimeSpan InMemoryWindow = TimeSpan.FromHours(2);

    private readonly ConcurrentBag<HeadBatch> _batches = [];
    private readonly ReadPoints _points;
    private readonly MetadataTable _metadata;
    private readonly MetricStoreInstruments _instruments;
    private readonly MetricStoreDisk? _disk;
    private readonly ByteWriter _record = new(64 * 1024);
    private readonly List<HeadSeries> _newSeries = [];

    /// <summary>Guards <see cref="_pending"/>; a leaf in the lock order.</summary>
    private readonly Lock _pendingLock = new();
    private readonly WalGroup _walGroup = new();
    private readonly bool _syncsEachCommit;
    private List<PendingCommit> _pending = [];
    private volatile bool _isDisposed;

    private MetricStore(HeadBlock head, MetadataTable metadata, MetricStoreInstruments instruments)
    {
        Head = head;
        _points = new ReadPoints { Changes = new StoreChanges { StableFromMs = () => Maintenance?.Horizon().LatestMs ?? long.MinValue } };
        _metadata = metadata;
        _instruments = instruments;
    }

    private MetricStore(MetricStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger, Meter meter)
        : this(new HeadBlock((long)options.BlockDuration.TotalMilliseconds, options.MaxSeries, options.MaxExemplars), new MetadataTable(),
            new MetricStoreInstruments(meter))
    {
        Head.LateWindowMs = (long)options.OutOfOrderWindow.TotalMilliseconds;
        _syncsEachCommit = options.Fsync == FsyncPolicy.EachCommit;
        _disk = MetricStoreDisk.Open(options, files, time, logger, _instruments, Head, _points, _metadata);
        _instruments.Observe(this);
    }

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => _metadata.Snapshot;

    public StoreChanges Changes => _points.Changes;

    /// <summary>Asked for each series that is new; where the answer is no, it is refused and known ones go on.</summary>
    public Func<bool> MayCreateSeries
    {
        get;
        set
        {
            field = value;
            // Counted from zero on: a counter that appears with the first refusal is a new series, which is what is refused just then.
            _instruments.SeriesShed.Add(0);
        }
    } = static () => true;

    internal HeadBlock Head { get; }

    /// <summary>Null for a store in memory.</summary>
    internal MetricStoreMaintenance? Maintenance => _disk?.Maintenance;

    internal StoreView View => _points.View;

    internal long WalSegmentNumber => _disk?.Wal.SegmentNumber ?? 0;

    internal long RotateLog() => _disk?.Wal.Rotate() ?? 0;

    /// <summary>Opens the store on disk and starts its upkeep in the background.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process has it open. Damaged files are no reason
    /// to fail: they are logged, counted and stepped over.</exception>
    public static MetricStore Open(MetricStoreOptions options, TimeProvider time, ILogger logger, Meter meter)
    {
        var store = Open(options, new DiskFileSystem(), time, logger, meter);
        store._disk!.StartUpkeep();
        return store;
    }

    /// <summary>A store that lives as long as the process and keeps everything; for tests and for rule unit tests.</summary>
    public static MetricStore OpenInMemory(Meter? meter = null)
    {
        var instruments = new MetricStoreInstruments(meter ?? new Meter("pharos.storage.memory"));
        var head = new HeadBlock((long)InMemoryWindow.TotalMilliseconds, int.MaxValue, InMemoryExemplars);
        return new MetricStore(head, new MetadataTable(), instruments);
    }

    public IMetricAppender Appender()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new MetricAppender(this, Head, _batches.TryTake(out var batch) ? batch : new HeadBatch());
    }

    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new MetricQuerier(
            Head, _points, Maintenance?.Horizon() ?? RetentionHorizon.None, Maintenance?.Levels, minTimeMs, maxTimeMs);
    }

    public IReadOnlyList<ExemplarSeries> Exemplars(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        Head.Exemplars.Select(selectors, minTimeMs, maxTimeMs, cancellation);

    public void Delete(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation)
    {
        if (minTimeMs > maxTimeMs)
        {
            return;
        }
        if (Maintenance is not { } maintenance)
        {
            Changes.Record(minTimeMs);
            DeleteFromHead(matchers, minTimeMs, maxTimeMs, cancellation);
            Changes.Record(minTimeMs);
            return;
        }
        Changes.Record(minTimeMs);
        try
        {
            maintenance.WhileStill(() =>
            {
                maintenance.DeleteFromLevels(matchers, minTimeMs, maxTimeMs, cancellation);
                DeleteFromHead(matchers, minTimeMs, maxTimeMs, cancellation);
                maintenance.DeleteFromBlocks(matchers, minTimeMs, maxTimeMs, cancellation);
            });
        }
        finally
        {
            Changes.Record(minTimeMs);
        }
    }

    public void CleanTombstones(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Maintenance?.CleanTombstones(cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The store lives in memory.</exception>
    public string Snapshot(bool skipHead, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Maintenance?.Snapshot(skipHead, cancellation)
            ?? throw new NotSupportedException("a store in memory has no folder for snapshots");
    }

    /// <summary>Takes over what may change while the store is open: retention, the window for samples out of order, and how many
    /// exemplars are kept. All else stays as it was opened.</summary>
    public void Reconfigure(MetricStoreOptions options)
    {
        Head.LateWindowMs = (long)options.OutOfOrderWindow.TotalMilliseconds;
        Head.Exemplars.Resize(options.MaxExemplars);
        if (Maintenance is { } maintenance)
        {
            maintenance.Reconfigure(options);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The store lives in memory.</exception>
    public IMetricLogReader ReadLog(MetricLogPosition? from)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _disk?.Readers.Open(from)
            ?? throw new NotSupportedException("a store in memory has no log that could be followed");
    }

    public void SetMetadata(string metricFamily, MetricMetadata metadata)
    {
        if (!_metadata.IsNews(metricFamily, metadata))
        {
            return;
        }

        // Under the commit lock, so that a checkpoint has either this or the record of it.
        lock (Head.CommitLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_disk is not null)
            {
                HeadRecord.WriteMetadata(_record, metricFamily, metadata);
                Log();
            }
            _metadata.Set(metricFamily, metadata);
        }
    }

    public MetricStoreStatus Status(int topLimit) => MetricStoreReport.Write(Head, _points.View, topLimit, WalSizeBytes()) with
    {
        BlocksSetAside = _disk?.Folder.SetAside ?? [],
        BlocksMissing = _disk?.Folder.Missing ?? [],
    };

    /// <summary>Seals, merges, removes and truncates whatever is due now; runs by itself at the maintenance interval.</summary>
    public void RunMaintenance() => _disk?.RunMaintenance(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        lock (Head.CommitLock)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
        }
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }
        Head.Dispose();
    }

    /// <summary>As <see cref="Open(MetricStoreOptions, TimeProvider, ILogger, Meter)"/>, but nothing is sealed, merged or
    /// removed: for tools that look at a folder.</summary>
    public static MetricStore OpenWithoutUpkeep(MetricStoreOptions options, TimeProvider time, ILogger logger, Meter meter) =>
        Open(options, new DiskFileSystem(), time, logger, meter);

    /// <summary>As <see cref="OpenWithoutUpkeep"/>, on any file system.</summary>
    internal static MetricStore Open(MetricStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger,
        Meter meter) => new(options, files, time, logger, meter);

    internal AppendResult Count(AppendResult result) => _instruments.Count(result);

    internal AppendResult CountExemplar(AppendResult result) => _instruments.CountExemplar(result);

    internal long WalSizeBytes() => _disk?.WalSizeBytes() ?? 0;

    /// <summary>Batches that wait for a thread which commits for all of them.</summary>
    internal int PendingCommits
    {
        get
        {
            lock (_pendingLock)
            {
                return _pending.Count;
            }
        }
    }

    internal void Return(HeadBatch batch)
    {
        if (batch.IsSmall && _batches.Count < MaxKeptBatches)
        {
            _batches.Add(batch);
        }
    }

    internal void Commit(HeadBatch batch)
    {
        if (batch.IsEmpty)
        {
            return;
        }
        if (_syncsEachCommit)
        {
            CommitTogether(new PendingCommit(batch));
            return;
        }
        lock (Head.CommitLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _newSeries.Clear();
            Head.Resolve(batch, _newSeries);
            if (_disk is not null)
            {
                LogBatch(batch);
            }
            Apply(batch, _newSeries);
        }
    }

    /// <summary>While one thread waits for the disk, others queue up; the first of them that gets the lock commits for all.</summary>
    private void CommitTogether(PendingCommit commit)
    {
        lock (_pendingLock)
        {
            _pending.Add(commit);
        }
        lock (Head.CommitLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!commit.IsDone)
            {
                CommitPending();
            }
        }
        if (commit.Failure is { } failure)
        {
            throw new IOException(failure.Message, failure);
        }
        if (!commit.IsDone)
        {
            throw new InvalidOperationException("the thread that was to commit for others has failed");
        }
    }

    private void CommitPending()
    {
        List<PendingCommit> group;
        lock (_pendingLock)
        {
            group = _pending;
            _pending = [];
        }
        foreach (var commit in group)
        {
            // A batch that cannot be logged fails by itself; the next may have to bring its series.
            Head.Resolve(commit.Batch, commit.NewSeries);
            commit.Failure = Logged(commit, static (store, pending) =>
            {
                HeadRecord.WriteBatch(store._record, pending.NewSeries, pending.Batch);
                store._walGroup.Add(store._record.Written);
            });
        }
        var failure = _walGroup.IsEmpty ? null : Logged(null, static (store, _) => store._disk!.Wal.Append(store._walGroup));
        _walGroup.Clear();
        foreach (var commit in group)
        {
            commit.IsDone = true;
            if (commit.Failure is null && failure is not null)
            {
                commit.Failure = failure;
                Head.Unresolve(commit.NewSeries);
            }
            if (commit.Failure is null)
            {
                Apply(commit.Batch, commit.NewSeries);
            }
        }
    }

    /// <summary>Does something that the disk, or a record's length, may refuse; answers why.</summary>
    private IOException? Logged(PendingCommit? commit, Action<MetricStore, PendingCommit> action)
    {
        try
        {
            action(this, commit!);
            return null;
        }
        catch (IOException exception)
        {
            _instruments.WalFailures.Add(1);
            Head.Unresolve(commit?.NewSeries ?? []);
            return exception;
        }
    }

    private void Apply(HeadBatch batch, List<HeadSeries> newSeries)
    {
        var (commit, droppedCount) = Head.Apply(batch, newSeries, _points.Commits);
        var earliestMs = Earliest(batch.Timestamps);
        Changes.Record(earliestMs);
        _points.Publish(commit);
        Changes.Record(earliestMs);
        _instruments.Samples.Add(batch.Count - droppedCount);
        _instruments.OutOfOrder.Add(droppedCount);
        _instruments.SeriesCreated.Add(newSeries.Count);
        _instruments.Exemplars.Add(batch.Exemplars?.Count ?? 0);
        Head.Leavers.TryFree();
    }

    private void DeleteFromHead(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation)
    {
        lock (Head.CommitLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var ranges = DeletableRanges.Of(Head, matchers, minTimeMs, maxTimeMs, cancellation);
            if (ranges.Count == 0)
            {
                return;
            }
            if (_disk is not null)
            {
                HeadRecord.WriteDelete(_record, ranges);
                Log();
            }
            foreach (var (series, range) in ranges)
            {
                Head.Hide(series, range);
            }
        }
    }

    private static long Earliest(ReadOnlySpan<long> timestamps)
    {
        var earliest = long.MaxValue;
        foreach (var timestamp in timestamps)
        {
            earliest = Math.Min(earliest, timestamp);
        }
        return earliest;
    }

    private void LogBatch(HeadBatch batch)
    {
        try
        {
            HeadRecord.WriteBatch(_record, _newSeries, batch);
            Log();
        }
        catch
        {
            Head.Unresolve(_newSeries);
            throw;
        }
    }

    private void Log()
    {
        try
        {
            _disk!.Wal.Append(_record.Written);
        }
        catch (IOException)
        {
            _instruments.WalFailures.Add(1);
            throw;
        }
    }
}
