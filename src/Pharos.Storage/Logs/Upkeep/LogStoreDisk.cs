using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Head;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Logs.Upkeep;

/// <summary>The store's folder while it is open: <c>lock</c>, <c>manifest</c>, <c>wal/</c>, <c>parts/</c>.</summary>
internal sealed class LogStoreDisk : IDisposable
{
    private readonly DirectoryLock _lock;
    private readonly IFileSystem _files;
    private readonly ILogger _logger;

    private LogStoreDisk(LogStoreOptions options, IFileSystem files, ILogger logger)
    {
        (_files, _logger) = (files, logger);
        Codec = new FrameCodec { PoisonsRows = options.PoisonsRows };
        Directory.CreateDirectory(options.Directory);
        _lock = DirectoryLock.Take(options.Directory);
    }

    public WalWriter Wal { get; private set; } = null!;

    public LogFolder Folder { get; private set; } = null!;

    /// <summary>Those of the parts, then of the log.</summary>
    public LogMarks Marks { get; private set; } = null!;

    /// <summary>Those of the parts alone.</summary>
    public IReadOnlyDictionary<string, string> SealedMarks { get; private set; } = LogMarks.None;

    public FrameCodec Codec { get; }

    /// <summary>At most one signal: whoever hears it seals all there is.</summary>
    public Channel<bool> IsSealDue { get; } =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes the folder, opens the parts, fills a head from the log.</summary>
    /// <returns>The disk, the first view, and where the log begins that is still needed.</returns>
    public static (LogStoreDisk Disk, LogView View, long FirstSegment) Open(LogStoreOptions options, IFileSystem files, TimeProvider time,
        StreamTable streams, LogStoreInstruments instruments, ILogger logger)
    {
        var disk = new LogStoreDisk(options, files, logger);
        try
        {
            var (view, firstSegment) = disk.Load(options, time, streams, instruments);
            return (disk, view, firstSegment);
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
            _logger.LogError(exception, "Log store: the last segment of the log could not be synced");
        }
        Codec.Dispose();
        _lock.Dispose();
    }

    public long WalSizeBytes(string directory) => WalSegments.SizeBytes(_files, directory);

    private (LogView View, long FirstSegment) Load(LogStoreOptions options, TimeProvider time, StreamTable streams, LogStoreInstruments instruments)
    {
        var walDirectory = Path.Combine(options.Directory, "wal");
        var partDirectory = Path.Combine(options.Directory, "parts");
        _files.CreateDirectory(walDirectory);
        _files.CreateDirectory(partDirectory);
        var started = time.GetTimestamp();
        Folder = new LogFolder(_files, partDirectory, Codec, streams, instruments, _logger);
        var manifest = ReadManifest(options.Directory, partDirectory, instruments);
        var parts = Folder.Parts.OpenAll(manifest?.Parts, manifest?.LastPart ?? 0);
        parts.Sort(static (left, right) => left.Meta.MinTimeNs.CompareTo(right.Meta.MinTimeNs));

        var firstSegment = manifest?.FirstSegment ?? 1;
        var segments = WalSegments.Numbers(_files, walDirectory, WalSegments.SegmentSuffix);
        var next = Math.Max(firstSegment, segments.Count == 0 ? 1 : segments[^1] + 1);
        var head = new LogHead(next);
        SealedMarks = manifest?.Marks ?? LogMarks.None;
        Marks = new LogMarks(SealedMarks);
        var replay = new LogReplay(_files, walDirectory, head, streams, Marks, _logger);
        replay.Run(firstSegment);
        instruments.WalCorruptions.Add(replay.CorruptionCount);
        instruments.TornTails.Add(replay.TornTailCount);
        foreach (var stream in head.Streams)
        {
            streams.ChangeHeads(stream.Stream, 1);
        }
        head.SinceTimestamp = segments.Count > 0 ? time.GetTimestamp() : null;
        Wal = new WalWriter(_files, walDirectory, options.Fsync, options.WalSegmentBytes, next) { Logger = _logger };
        _logger.LogInformation("Log store {Directory}: {Parts} parts, {Entries} entries of {Streams} streams from the log in {Elapsed} ms",
            options.Directory, parts.Count, head.Entries, head.StreamCount, (long)time.GetElapsedTime(started).TotalMilliseconds);
        return (new LogView([head], [.. parts], [.. manifest?.Deletions ?? []]), firstSegment);
    }

    private LogManifest? ReadManifest(string directory, string partDirectory, LogStoreInstruments instruments)
    {
        var manifest = LogManifest.Read(_files, directory, out var damage);
        if (damage is not null)
        {
            instruments.Quarantined.Add(1);
            _logger.LogError("Log store {Directory}: the manifest is damaged: {Damage}; {Consequence}", directory, damage,
                manifest is not null ? "its other copy serves"
                    : "every part that is there serves, and the whole log: entries may come twice, deleted ones may come back");
        }
        var hasParts = _files.Files(partDirectory).Any(static name => name.EndsWith(LogPartFormat.Kind.Suffix, StringComparison.Ordinal));
        if (manifest is null && damage is null && !hasParts)
        {
            // From now on a store without a manifest has lost it.
            new LogManifest(1, 0, [], [], LogMarks.None).Write(_files, directory);
            _files.SyncDirectory(directory);
        }
        else if (manifest is null && damage is null)
        {
            _logger.LogError("Log store {Directory}: the manifest is missing; every part that is there serves, and the whole log: entries may come "
                + "twice, deleted ones may come back", directory);
        }
        return manifest;
    }
}
