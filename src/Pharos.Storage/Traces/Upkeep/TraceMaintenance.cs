using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Head;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Traces.Upkeep;

/// <summary>Seals heads into blocks, merges blocks, removes what is old; each step is a new manifest and a new view.</summary>
/// <remarks>Thread-safe. Lock order: sealing, merging, publishing, the store's commit lock, leaves. Sealing goes on while blocks are merged.</remarks>
internal sealed class TraceMaintenance(
    TraceStoreOptions options, IFileSystem files, TimeProvider time, TraceViews views, TraceFolder folder, TraceStoreInstruments instruments, ILogger logger)
{
    private volatile TraceStoreOptions _options = options;
    private readonly Lock _sealing = new();
    private readonly Lock _merging = new();
    private readonly Lock _publishing = new();

    /// <summary>Blocks that the manifest does not name any more, removed once that is certain; under the publishing lock.</summary>
    private readonly List<TraceBlock> _replaced = [];

    /// <summary>Whether a power cut brings an older manifest back, which needs the files that it names; under the publishing lock.</summary>
    private bool _isUnsynced;

    /// <summary>Where the log begins that is needed at the next start.</summary>
    public long FirstSegment { get; set; } = 1;

    /// <summary>Makes a new head take the place of the newest, where that has spans.</summary>
    public required Action StartNewHead { get; init; }

    /// <summary>The latest start of a span of the store; the lowest number where there is none.</summary>
    public required Func<long> NewestNs { get; init; }

    public string WalDirectory { get; } = Path.Combine(options.Directory, "wal");

    /// <summary>Puts other limits of what is kept into effect.</summary>
    public void Reconfigure(TimeSpan retentionTime, long retentionBytes) =>
        _options = _options with { RetentionTime = retentionTime, RetentionBytes = retentionBytes };

    /// <summary>Seals everything in memory.</summary>
    /// <exception cref="IOException">The disk refuses; what is not sealed stays in memory and in the log.</exception>
    public void Flush(CancellationToken cancellation)
    {
        lock (_sealing)
        {
            StartNewHead();
            SealOldHeads(cancellation);
        }
    }

    /// <summary>Seals the heads that take no more spans.</summary>
    public void SealOldHeads(CancellationToken cancellation)
    {
        lock (_sealing)
        {
            while (views.Current.Heads is { Length: > 1 } heads)
            {
                Seal(heads[0], cancellation);
            }
        }
    }

    /// <summary>Removes and merges what is due.</summary>
    public void RunMerges(CancellationToken cancellation)
    {
        lock (_merging)
        {
            RemoveReplaced();
            RemoveExpired();
            RemoveOldest();
            while (TraceMergePlan.Next(views.Current.Blocks, TraceBlockMeta.DayOf(NewestNs())) is { Count: > 0 } due)
            {
                cancellation.ThrowIfCancellationRequested();
                Merge(due, cancellation);
            }
        }
    }

    /// <summary>Writes blocks anew as one.</summary>
    public void Merge(IReadOnlyList<TraceBlock> sources, CancellationToken cancellation)
    {
        var number = folder.NextNumber();
        TraceBlock? made = null;
        using (var writer = folder.Create(number))
        {
            if (new TraceMerger(sources, folder).Run(writer, cancellation))
            {
                writer.Finish(number);
                made = folder.Open(number);
                instruments.PagesCopied.Add(writer.PagesCopied);
                instruments.PagesBuilt.Add(writer.PagesBuilt);
            }
        }
        Replace(sources, made);
        instruments.Merges.Add(1);
    }

    /// <summary>Removes files that nothing needs any more: of the log, and blocks that others replaced.</summary>
    public void RemoveReplaced()
    {
        TraceBlock[] replaced;
        lock (_publishing)
        {
            if (_isUnsynced && !TrySync())
            {
                return;
            }
            replaced = [.. _replaced];
            _replaced.Clear();
        }
        foreach (var block in replaced)
        {
            folder.Remove(block);
        }
        RemoveSegments();
    }

    /// <summary>Newest last.</summary>
    public static TraceBlock[] InOrder(TraceBlock[] blocks)
    {
        Array.Sort(blocks, static (left, right) => left.Meta.MaxStartNs.CompareTo(right.Meta.MaxStartNs) is var byTime and not 0
            ? byTime : left.Meta.Number.CompareTo(right.Meta.Number));
        return blocks;
    }

    private void Seal(TraceHead head, CancellationToken cancellation)
    {
        var blocks = new HeadSealer(head, folder).Seal(cancellation);
        try
        {
            lock (_publishing)
            {
                WriteManifest(head.EndSegment, views.Current.Blocks.Concat(blocks));
                FirstSegment = head.EndSegment;
                views.Change(now => new TraceView(now.Heads[1..], InOrder([.. now.Blocks, .. blocks])));
            }
        }
        catch
        {
            TraceViews.Release(blocks);
            foreach (var block in blocks)
            {
                folder.Remove(block);
            }
            throw;
        }
        instruments.BlocksStored.Add(blocks.Count);
        instruments.BytesStored.Add(blocks.Sum(static block => block.SizeBytes));
        RemoveReplaced();
    }

    private void RemoveSegments()
    {
        foreach (var number in WalSegments.Numbers(files, WalDirectory, WalSegments.SegmentSuffix))
        {
            if (number >= FirstSegment)
            {
                return;
            }
            var path = Path.Combine(WalDirectory, WalSegments.SegmentName(number));
            try
            {
                files.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning(exception, "Trace store: segment {Path} cannot be removed; it is tried again", path);
                return;
            }
        }
    }

    /// <summary>Puts a block in the place of others, or nothing.</summary>
    private void Replace(IReadOnlyList<TraceBlock> sources, TraceBlock? made)
    {
        TraceBlock[] added = made is null ? [] : [made];
        try
        {
            lock (_publishing)
            {
                WriteManifest(FirstSegment, views.Current.Blocks.Except(sources).Concat(added));
                views.Change(now => now with { Blocks = InOrder([.. now.Blocks.Except(sources), .. added]) });
                _replaced.AddRange(sources);
            }
        }
        catch
        {
            foreach (var block in added)
            {
                block.Release();
                folder.Remove(block);
            }
            throw;
        }
        TraceViews.Release(sources);
        RemoveReplaced();
    }

    private void WriteManifest(long firstSegment, IEnumerable<TraceBlock> blocks)
    {
        new TraceManifest(firstSegment, folder.LastNumber, [.. blocks.Select(static block => block.Meta.Number).Order()]).Write(files, _options.Directory);

        // From here on it holds, for this process and the next; only a power cut may bring the one before back.
        _isUnsynced = true;
        TrySync();
    }

    private bool TrySync()
    {
        try
        {
            files.SyncDirectory(_options.Directory);
            _isUnsynced = false;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Trace store: folder {Directory} cannot be synced; no file is removed before it can", _options.Directory);
            return false;
        }
    }

    /// <summary>Ages count back from the newest span, or from now where that is earlier: a clock that jumps takes nothing away.</summary>
    private void RemoveExpired()
    {
        if (_options.RetentionTime <= TimeSpan.Zero || _options.RetentionTime.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick)
        {
            return;
        }
        var nowNs = Math.Min(NewestNs(), (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
        var keptNs = _options.RetentionTime.Ticks * TimeSpan.NanosecondsPerTick;
        var fromNs = nowNs < long.MinValue + keptNs ? long.MinValue : nowNs - keptNs;
        if (Array.FindAll(views.Current.Blocks, block => block.Meta.MaxStartNs < fromNs) is { Length: > 0 } gone)
        {
            Replace(gone, null);
            instruments.TimeRetentions.Add(gone.Length);
        }
    }

    /// <summary>Removes the oldest blocks while all take too much; the newest stays.</summary>
    private void RemoveOldest()
    {
        while (_options.RetentionBytes > 0)
        {
            var blocks = views.Current.Blocks;
            if (blocks.Length <= 1 || blocks.Sum(static block => block.SizeBytes) <= _options.RetentionBytes)
            {
                return;
            }
            Replace([blocks[0]], null);
            instruments.SizeRetentions.Add(1);
        }
    }
}
