using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Metrics.Snapshots;
using Pharos.Storage.Upkeep;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics;

/// <summary>The store's folder while it is open: <c>lock</c>, <c>wal/</c>, <c>chunks/</c>, <c>blocks/</c>, and the loops that keep it tidy.</summary>
internal sealed class MetricStoreDisk : IAsyncDisposable
{
    private static readonly TimeSpan CheckpointCheckInterval = TimeSpan.FromSeconds(1);

    private readonly DirectoryLock _lock;
    private readonly MetricStoreOptions _options;
    private readonly IFileSystem _files;
    private readonly string _walDirectory;
    private readonly string _chunkDirectory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MetricStoreInstruments _instruments;
    private readonly UpkeepLoops _upkeep;
    private readonly ReadPoints _points;
    private readonly HeadBlock _head;

    /// <summary>At most one signal: whoever hears it moves all there is.</summary>
    private readonly Channel<bool> _isSpillDue = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private MetricStoreDisk(MetricStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger,
        MetricStoreInstruments instruments, HeadBlock head, ReadPoints points)
    {
        _head = head;
        _options = options;
        _files = files;
        _time = time;
        _logger = logger;
        _instruments = instruments;
        _points = points;
        _upkeep = new UpkeepLoops(time, exception => logger.LogError(exception, "Metric store: upkeep failed; it is tried again at the next interval"));
        _walDirectory = Path.Combine(options.Directory, "wal");
        _chunkDirectory = Path.Combine(options.Directory, "chunks");
        Directory.CreateDirectory(options.Directory);
        _lock = DirectoryLock.Take(options.Directory);
    }

    public WalWriter Wal { get; private set; } = null!;

    public MetricLogReaders Readers { get; private set; } = null!;

    public BlockFolder Folder { get; private set; } = null!;

    public MetricStoreMaintenance Maintenance { get; private set; } = null!;

    /// <summary>Takes the folder, opens the blocks, fills the head from the log.</summary>
    public static MetricStoreDisk Open(MetricStoreOptions options, IFileSystem files, TimeProvider time, ILogger logger,
        MetricStoreInstruments instruments, HeadBlock head, ReadPoints points, MetadataTable metadata)
    {
        var disk = new MetricStoreDisk(options, files, time, logger, instruments, head, points);
        try
        {
            disk.Load(head, metadata);
            return disk;
        }
        catch
        {
            disk._lock.Dispose();
            throw;
        }
    }

    public void StartUpkeep()
    {
        var failures = _instruments.WalFailures;
        _upkeep.Each(_options.MaintenanceInterval, RunMaintenance, failures);
        _upkeep.Each(CheckpointCheckInterval, _ => Maintenance.CheckpointIfDue(), failures);
        _head.Chunks.SegmentClosed = () => _isSpillDue.Writer.TryWrite(true);
        _upkeep.WhenDue(_isSpillDue.Reader, _ => _head.Chunks.Spill(), failures);
        if (_options.Fsync == FsyncPolicy.Interval)
        {
            _upkeep.Each(_options.FsyncInterval, _ => Wal.Sync(), failures);
        }
    }

    public void RunMaintenance(CancellationToken cancellation) => Maintenance.Run(cancellation);

    public long WalSizeBytes() => WalSegments.SizeBytes(_files, _walDirectory, _chunkDirectory);

    public async ValueTask DisposeAsync()
    {
        await _upkeep.DisposeAsync();
        Maintenance.Close(isTidy: _upkeep.AreStarted);
        try
        {
            Wal.Dispose();
        }
        catch (IOException exception)
        {
            _logger.LogError(exception, "Metric log: the last segment could not be synced");
        }
        foreach (var block in _points.View.Blocks)
        {
            block.Release();
        }
        Maintenance.Levels.Dispose();
        _head.Chunks.CloseFiles();
        _lock.Dispose();
    }

    private void Load(HeadBlock head, MetadataTable metadata)
    {
        var blockDirectory = Path.Combine(_options.Directory, "blocks");
        _files.CreateDirectory(_walDirectory);
        _files.CreateDirectory(blockDirectory);
        _files.CreateDirectory(_chunkDirectory);
        var started = _time.GetTimestamp();
        Folder = new BlockFolder(_files, blockDirectory, _instruments, _logger);
        var blocks = Folder.OpenAll();
        head.MinValidMs = blocks.Count == 0 ? long.MinValue : blocks.Max(static block => block.Meta.SealedUntilMs);

        var chunkFiles = new ChunkFiles(_files, _chunkDirectory, _instruments, _logger);
        var replay = new HeadReplay(_files, _walDirectory, chunkFiles, head, metadata, _logger);
        var segment = replay.Run();
        _instruments.WalCorruptions.Add(replay.CorruptionCount);
        _instruments.TornTails.Add(replay.TornTailCount);
        head.DropBefore(head.MinValidMs, lateFromMs: long.MaxValue, lateCommit: 0);
        _points.Publish(blocks.ToArray(), [], head.MinValidMs);

        Wal = new WalWriter(_files, _walDirectory, _options.Fsync, _options.WalSegmentBytes, segment, replay.LogBytes)
        {
            Logger = _logger,
            LinkRecord = HeadRecord.SegmentStart,
            Previous = WalSegments.Newest(_files, _walDirectory),
        };
        var notes = new BlockNotes(Wal, _points, replay.NotedBlocks, FindMissing(replay.NotedBlocks ?? [], blocks));
        Readers = new MetricLogReaders(_files, _walDirectory, Wal, head);
        var checkpoints = new HeadCheckpoints(head, _points, Wal, new HeadCheckpoint(_files, _walDirectory), chunkFiles, Readers, notes, metadata,
            replay.LoadedForm, _instruments);
        var levels = new DownsampledLevels(_files, Path.Combine(_options.Directory, "downsampled"), _points.Changes, _instruments, _logger);
        if (_options.DownsamplingRules.Count > 0)
        {
            levels.Apply(_options.DownsamplingRules, areStale: head.LateCount > 0);
        }
        Maintenance = new MetricStoreMaintenance(_options, _time, head, _points, checkpoints, Folder, notes, levels,
            new StoreSnapshot(_files, _options.Directory, _instruments, _logger), metadata, WalSizeBytes, _instruments, _logger);
        _logger.LogInformation("Metric store {Directory}: {Blocks} blocks, {Series} series and {Samples} samples from the log "
            + "in {Elapsed} ms", _options.Directory, blocks.Count, head.SeriesCount, replay.SampleCount,
            (long)_time.GetElapsedTime(started).TotalMilliseconds);
    }

    private IReadOnlyList<NotedBlock> FindMissing(IReadOnlyList<NotedBlock> noted, IReadOnlyList<MetricBlock> blocks)
    {
        var newestMs = blocks.Select(static block => block.Meta.MaxTimeMs).Append(_head.MaxTimeMs).Max();
        var ageFromMs = Math.Min(newestMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
        var retentionMs = (long)RetentionHorizon.Longest(_options.RetentionRules, _options.RetentionTime).TotalMilliseconds;
        return Folder.FindMissing(noted, blocks, retentionMs > 0 && newestMs > long.MinValue ? ageFromMs - retentionMs : long.MinValue);
    }
}
