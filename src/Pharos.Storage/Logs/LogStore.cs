using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Appending;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Head;
using Pharos.Storage.Logs.Upkeep;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;
using Pharos.Storage.Upkeep;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Logs;

/// <summary>Log entries on one machine: heads in memory, a log that lets them survive, sealed parts on disk.</summary>
/// <remarks>Thread-safe. Lock order: sealing, merging, publishing, commit, leaves (pending appends, the view, the log's own, the table of
/// streams). A batch is written to the log before it is visible.</remarks>
public sealed class LogStore : ILogStore
{
    /// <summary>Entries in memory take this many times <see cref="LogStoreOptions.HeadBytes"/> at most: then appends wait for a head to be sealed.</summary>
    private const int MaxHeads = 4;

    private readonly LogStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogStoreInstruments _instruments;
    private readonly StreamTable _streams = new();
    private readonly LogStoreDisk _disk;
    private readonly StoreViews<LogView> _views;
    private readonly LogMaintenance _maintenance;
    private readonly UpkeepLoops _upkeep;

    private readonly Lock _commitLock = new();
    private readonly HeadAppender _appender = new();
    private readonly WalGroup _group = new();
    private long _newestNs = long.MinValue;
    private bool _isDisposed;

    private readonly CommitQueue<LogBatch> _waiting = new();
    private readonly Watchers<LogBatch> _watchers = new();

    private LogStore(LogStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger, Meter meter)
    {
        (_options, _time, _logger) = (options, time, logger);
        _instruments = new LogStoreInstruments(meter);
        (_disk, var view, var firstSegment) = LogStoreDisk.Open(options, files, time, _streams, _instruments, logger);
        _views = new StoreViews<LogView>(view);
        _maintenance = new LogMaintenance(options, files, time, _views, _disk.Folder, _instruments, logger)
        {
            FirstSegment = firstSegment,
            SealedMarks = _disk.SealedMarks,
            StartNewHead = StartNewHead,
            Sealed = ForgetHead,
            NewestNs = () => Volatile.Read(ref _newestNs),
        };
        var deletions = Array.ConvertAll(view.Deletions, deletion => deletion with { Filter = _maintenance.CompileFilter(deletion.Deletion) });
        _views.Change(now => now with { Deletions = deletions });
        _maintenance.RemoveReplaced();
        _newestNs = NewestOf(view);
        _upkeep = new UpkeepLoops(time, exception => logger.LogError(exception, "Log store: upkeep failed; it is tried again"));
        _instruments.Observe(this);
    }

    internal LogView View => _views.Current;

    internal LogMaintenance Maintenance => _maintenance;

    /// <summary>Opens the store on disk and starts its upkeep in the background.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process has it open. Damaged files are no reason
    /// to fail: they are logged, counted and stepped over.</exception>
    public static LogStore Open(LogStoreOptions options, TimeProvider time, ILogger logger, Meter meter)
    {
        var store = Open(options, new DiskFileSystem(), time, logger, meter);
        store.StartUpkeep();
        return store;
    }

    /// <summary>As <see cref="Open(LogStoreOptions, TimeProvider, ILogger, Meter)"/>, on any file system and without upkeep.</summary>
    internal static LogStore Open(LogStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger, Meter meter) =>
        new(options, files, time, logger, meter);

    public LogStream Stream(string tenant, LabelSet labels) => _streams.Get(tenant, labels);

    public bool IsActive(LogStream stream) => _streams.IsActive(stream);

    public int ActiveStreams(string tenant) => _streams.ActiveCount(tenant);

    public void Append(LogBatch batch)
    {
        if (batch.IsEmpty)
        {
            return;
        }
        WaitForRoom();
        if (_options.Fsync == FsyncPolicy.EachCommit)
        {
            AppendTogether(batch);
        }
        else
        {
            lock (_commitLock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                Commit([batch]);
            }
        }
        _watchers.Tell(batch);
    }

    public IReadOnlyDictionary<string, string> Marks()
    {
        lock (_commitLock)
        {
            return _disk.Marks.Snapshot();
        }
    }

    public ILogQuerier Querier(string tenant, long startNs, long endNs)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return new LogQuerier(_views, tenant, startNs, endNs, _disk.Folder);
    }

    public IDisposable Watch(Action<LogBatch> appended) => _watchers.Add(appended);

    public void Delete(LogDeletion deletion) => _maintenance.Delete(deletion);

    /// <summary>Puts other retention times into effect; they are kept to from the next upkeep on.</summary>
    public void Reconfigure(TimeSpan retention, IReadOnlyList<LogRetentionRule> rules) => _maintenance.Reconfigure(retention, rules);

    public void Flush(CancellationToken cancellation) => _maintenance.Flush(cancellation);

    /// <summary>Seals, merges and removes whatever is due now; runs by itself at the maintenance interval.</summary>
    public void RunMaintenance() => RunMaintenance(CancellationToken.None);

    public LogStoreStatus Status()
    {
        var view = _views.Current;
        return new LogStoreStatus(_streams.ActiveCount(), view.Heads.Sum(static head => head.Entries), view.Heads.Sum(static head => head.Bytes),
            view.Parts.Sum(static part => part.Blocks.Count), view.Parts.Sum(static part => part.Meta.Entries),
            view.Parts.Sum(static part => part.SizeBytes) + WalSizeBytes(), _disk.Folder.Parts.Quarantined);
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
        var view = _views.Current;
        ISealedFile.ReleaseAll(view.Parts);
        foreach (var head in view.Heads)
        {
            head.Dispose();
        }
        _disk.Dispose();
    }

    internal long WalSizeBytes() => _disk.WalSizeBytes(_maintenance.WalDirectory);

    private void RunMaintenance(CancellationToken cancellation)
    {
        if (_views.Current.Newest is { SinceTimestamp: { } since } && _time.GetElapsedTime(since) >= _options.HeadAge)
        {
            StartNewHead();
        }
        _maintenance.SealOldHeads(cancellation);
        _maintenance.RunMerges(cancellation);
        _streams.Sweep();
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

    /// <summary>Holds appends up while memory is full of entries that are not sealed, and seals them.</summary>
    private void WaitForRoom()
    {
        if (_views.Current.Heads.Sum(static head => head.Bytes) < MaxHeads * _options.HeadBytes)
        {
            return;
        }
        SealDue(CancellationToken.None);
    }

    private void AppendTogether(LogBatch batch)
    {
        var own = _waiting.Add(batch);
        lock (_commitLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _waiting.Store(own, Commit);
        }
        own.ThrowIfFailed();
    }

    /// <summary>Stores batches with one write, all or none.</summary>
    private void Commit(IReadOnlyList<LogBatch> batches)
    {
        Debug.Assert(_commitLock.IsHeldByCurrentThread);
        var head = _views.Current.Newest;
        var (entries, lineBytes, repeated, newestNs) = (0L, 0L, 0L, long.MinValue);
        try
        {
            foreach (var batch in batches)
            {
                _appender.Add(head, batch);
                _appender.AddRecordTo(_group);
                entries += batch.Count - _appender.LeftOut;
                lineBytes += batch.LineBytes;
                repeated += _appender.LeftOut;
                newestNs = Math.Max(newestNs, _appender.NewestNs);
            }
            if (!_group.IsEmpty)
            {
                _disk.Wal.Append(_group);
                _instruments.WalBytes.Add(_group.Frames.Length);
                _instruments.WalRecords.Add(batches.Count);
            }
        }
        catch (Exception exception)
        {
            head.RollBack();
            if (exception is IOException)
            {
                _instruments.WalFailures.Add(1);
            }
            throw;
        }
        finally
        {
            _group.Clear();
        }
        Show(head);
        _newestNs = Math.Max(_newestNs, newestNs);
        foreach (var batch in batches)
        {
            foreach (var (key, value) in batch.Marks)
            {
                _disk.Marks.Set(key, value);
            }
        }
        _instruments.Entries.Add(entries);
        _instruments.LineBytes.Add(lineBytes);
        _instruments.Repeated.Add(repeated);
        if (head.Bytes >= _options.HeadBytes)
        {
            _disk.IsSealDue.Writer.TryWrite(true);
        }
    }

    private void Show(LogHead head)
    {
        var before = head.StreamCount;
        foreach (var stream in head.Touched)
        {
            stream.IsNamed = true;
        }
        _views.Apply(head.Publish);
        foreach (var stream in head.Streams[before..])
        {
            _streams.ChangeHeads(stream.Stream, 1);
        }
        _instruments.StreamsCreated.Add(head.StreamCount - before);
        head.SinceTimestamp ??= _time.GetTimestamp();
    }

    /// <summary>From now on entries go to a new head, and the one before waits to be sealed.</summary>
    private void StartNewHead()
    {
        // What is written until now need not be synced while appenders wait.
        _disk.Wal.Sync();
        lock (_commitLock)
        {
            var head = _views.Current.Newest;
            if (_isDisposed || head.SinceTimestamp is null)
            {
                return;
            }
            head.EndSegment = _disk.Wal.Rotate();
            head.Marks = _disk.Marks.Snapshot();
            foreach (var stream in head.Streams)
            {
                if (stream.Newest is var (chunk, row))
                {
                    stream.Stream.SealedNewest = (chunk.Rows().TimeNs(row), head.Metadata.HashOf(chunk.LineOf(row), chunk.MetadataOf(row)));
                }
            }
            _views.Change(now => now with { Heads = [.. now.Heads, new LogHead(head.EndSegment)] });
        }
    }

    private void ForgetHead(LogHead head)
    {
        lock (_commitLock)
        {
            foreach (var stream in head.Streams)
            {
                if (ReferenceEquals(stream.Stream.Newest, stream))
                {
                    stream.Stream.Newest = null;
                }
            }
        }
        var removed = 0;
        foreach (var stream in head.Streams)
        {
            _streams.ChangeHeads(stream.Stream, -1);
            removed += _streams.IsActive(stream.Stream) ? 0 : 1;
        }
        _instruments.StreamsRemoved.Add(removed);
    }

    private static long NewestOf(LogView view)
    {
        var newestNs = long.MinValue;
        foreach (var part in view.Parts)
        {
            newestNs = Math.Max(newestNs, part.Meta.MaxTimeNs);
        }
        foreach (var stream in view.Newest.Streams)
        {
            if (stream.Newest is var (chunk, row))
            {
                newestNs = Math.Max(newestNs, chunk.Rows().TimeNs(row));
            }
        }
        return newestNs;
    }
}
