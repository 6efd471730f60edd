using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Head;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Traces.Upkeep;

/// <summary>The store's folder while it is open: <c>lock</c>, <c>manifest</c>, <c>wal/</c>, <c>blocks/</c>.</summary>
internal sealed class TraceStoreDisk : IDisposable
{
    private readonly DirectoryLock _lock;
    private readonly IFileSystem _files;
    private readonly ILogger _logger;
    private readonly FrameCodec _codec = new();

    private TraceStoreDisk(TraceStoreOptions options, IFileSystem files, ILogger logger)
    {
        (_files, _logger) = (files, logger);
        Directory.CreateDirectory(options.Directory);
        _lock = DirectoryLock.Take(options.Directory);
    }

    public WalWriter Wal { get; private set; } = null!;

    public TraceFolder Folder { get; private set; } = null!;

    /// <summary>The latest start of a span; the lowest number where there is none.</summary>
    public long NewestNs { get; private set; } = long.MinValue;

    /// <summary>Where the log begins that is still needed.</summary>
    public long FirstSegment { get; private set; }

    public TraceView View { get; private set; } = null!;

    /// <summary>At most one signal: whoever hears it seals all there is.</summary>
    public Channel<bool> IsSealDue { get; } =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes the folder, opens the blocks, fills a head from the log.</summary>
    public static TraceStoreDisk Open(
        TraceStoreOptions options, IFileSystem files, TimeProvider time, TraceStoreInstruments instruments, ILogger logger)
    {
        var disk = new TraceStoreDisk(options, files, logger);
        try
        {
            disk.Load(options, time, instruments);
            return disk;
        }
        catch
        {
            disk._lock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            Wal.Dispose();
        }
        catch (IOException exception)
        {
            _logger.LogError(exception, "Trace store: the last segment of the log could not be synced");
        }
        _codec.Dispose();
        _lock.Dispose();
    }

    public long WalSizeBytes(string directory) => WalSegments.SizeBytes(_files, directory);

    private void Load(TraceStoreOptions options, TimeProvider time, TraceStoreInstruments instruments)
    {
        var walDirectory = Path.Combine(options.Directory, "wal");
        var blockDirectory = Path.Combine(options.Directory, "blocks");
        _files.CreateDirectory(walDirectory);
        _files.CreateDirectory(blockDirectory);
        var started = time.GetTimestamp();
        Folder = new TraceFolder(_files, blockDirectory, _codec, instruments, _logger);
        var manifest = ReadManifest(options.Directory, blockDirectory, instruments);
        var blocks = Folder.Blocks.OpenAll(manifest?.Blocks, manifest?.LastBlock ?? 0);

        FirstSegment = manifest?.FirstSegment ?? 1;
        var segments = WalSegments.Numbers(_files, walDirectory, WalSegments.SegmentSuffix);
        var next = Math.Max(FirstSegment, segments.Count == 0 ? 1 : segments[^1] + 1);
        var head = new TraceHead();
        var replay = new WalReplay("Trace store", _files, walDirectory, _logger);
        replay.Run(FirstSegment, (payload, path, offset) =>
        {
            var record = SpanRecord.Parse(payload.ToArray(), path, offset);
            head.Add(record);
            NewestNs = Math.Max(NewestNs, record.NewestNs);
        });
        instruments.WalCorruptions.Add(replay.CorruptionCount);
        instruments.TornTails.Add(replay.TornTailCount);
        head.SinceTimestamp = segments.Count > 0 ? time.GetTimestamp() : null;
        NewestNs = blocks.Aggregate(NewestNs, static (newest, block) => Math.Max(newest, block.Meta.MaxStartNs));
        Wal = new WalWriter(_files, walDirectory, options.Fsync, options.WalSegmentBytes, next) { Logger = _logger };
        View = new TraceView([head], TraceMaintenance.InOrder([.. blocks]));
        _logger.LogInformation("Trace store {Directory}: {Blocks} blocks with {Spans} spans, {Head} spans from the log in {Elapsed} ms",
            options.Directory, blocks.Count, blocks.Sum(static block => block.Meta.Spans), head.Spans, (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    private TraceManifest? ReadManifest(string directory, string blockDirectory, TraceStoreInstruments instruments)
    {
        var manifest = TraceManifest.Read(_files, directory, out var damage);
        if (damage is not null)
        {
            instruments.Quarantined.Add(1);
            _logger.LogError("Trace store {Directory}: the manifest is damaged: {Damage}; {Consequence}", directory, damage,
                manifest is not null ? "its other copy serves" : "every block that is there serves, and the whole log: removed spans may come back");
        }
        var hasBlocks = _files.Files(blockDirectory).Any(static name => name.EndsWith(TraceBlockFormat.Kind.Suffix, StringComparison.Ordinal));
        if (manifest is null && damage is null && !hasBlocks)
        {
            // From now on a store without a manifest has lost it.
            new TraceManifest(1, 0, []).Write(_files, directory);
            _files.SyncDirectory(directory);
        }
        else if (manifest is null && damage is null)
        {
            _logger.LogError("Trace store {Directory}: the manifest is missing; every block that is there serves, and the whole log: removed spans "
                + "may come back", directory);
        }
        return manifest;
    }
}
