using Microsoft.Extensions.Logging;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics;

/// <summary>Seals old windows of the head into blocks, merges blocks, removes old ones, and shortens the log.</summary>
/// <remarks>One run at a time, under a lock that comes first in the lock order. Each step stands for itself: what the disk
/// refuses is logged and counted, and tried again by the next run.</remarks>
internal sealed class MetricStoreMaintenance(MetricStoreOptions options, TimeProvider time, HeadBlock head, ReadPoints points,
    WalWriter wal, HeadCheckpoint checkpoint, MetricLogReaders readers, BlockFolder folder, MetadataTable metadata, Func<long> walSizeBytes,
    MetricStoreInstruments instruments, ILogger logger)
{
    /// <summary>A bound for one run; a store that was fed years at once goes on at the next.</summary>
    private const int MaxStepsPerRun = 1_000;

    private readonly Lock _lock = new();
    private readonly long _windowMs = (long)options.BlockDuration.TotalMilliseconds;
    private readonly long _retentionMs = (long)options.RetentionTime.TotalMilliseconds;
    private (long BeforeMs, long Version)? _pendingDrop;

    public void Run(CancellationToken cancellation)
    {
        lock (_lock)
        {
            Step("sealing the head", instruments.CompactionFailures, () => Seal(cancellation));
            Step("merging blocks", instruments.CompactionFailures, () => Merge(cancellation));
            Step("removing old blocks", instruments.CompactionFailures, RemoveOld);
        }
    }

    /// <summary>The length of the windows that blocks grow to.</summary>
    public long LongestWindowMs => BlockPlan.WindowLengths(_windowMs, _retentionMs)[^1];

    /// <summary>Writes a block of samples that the head did not seal; it serves when it is published.</summary>
    /// <param name="runs">Sorted by label set, one a series, at least one.</param>
    public MetricBlock WriteLoose(IReadOnlyList<SampleRun> runs)
    {
        lock (_lock)
        {
            var (number, writer) = folder.Create();
            using (writer)
            {
                foreach (var run in runs)
                {
                    writer.BeginSeries(run.Labels);
                    SamplePacker.Pack(run.Samples, run.From, run.To, writer);
                }
                var lastMs = runs.Max(static run => run.MaxTimeMs);
                return folder.Open(writer.Finish(new MetricBlockMeta(number, runs.Min(static run => run.MinTimeMs),
                    lastMs == long.MaxValue ? lastMs : lastMs + 1, Level: 1, 0, 0, 0, [])));
            }
        }
    }

    public void Publish(IReadOnlyCollection<MetricBlock> blocks)
    {
        lock (_lock)
        {
            points.Publish(blocks, [], headFromMs: null);
            instruments.Compactions.Add(blocks.Count);
        }
    }

    /// <summary>Removes a block that was never published.</summary>
    public void Discard(MetricBlock block)
    {
        folder.Remove(block);
        block.Release();
    }

    /// <summary>Returns when no run is under way.</summary>
    public void WaitForEnd()
    {
        lock (_lock)
        {
            _pendingDrop = null;
        }
    }

    private void Step(string what, System.Diagnostics.Metrics.Counter<long> failures, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failures.Add(1);
            logger.LogError(exception, "Metric store: {What} failed; it is tried again at the next run", what);
        }
    }

    private void Seal(CancellationToken cancellation)
    {
        var hasDropped = DropSealed();
        for (var step = 0; step < MaxStepsPerRun && _pendingDrop is null && NextWindow() is { } window; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            SealWindow(window.Start, window.End);
            hasDropped |= DropSealed();
        }
        if (hasDropped || wal.BytesSinceRotation > options.CheckpointBytes)
        {
            Step("writing a checkpoint", instruments.CheckpointFailures, Checkpoint);
        }
    }

    /// <summary>The oldest window with samples, once the head spans one and a half windows.</summary>
    private (long Start, long End)? NextWindow()
    {
        var fromMs = points.View.HeadFromMs;
        var minTimeMs = long.MaxValue;
        foreach (var series in head.AllSeries())
        {
            if (series.Extent(out var firstMs, out _, out _, out _))
            {
                minTimeMs = Math.Min(minTimeMs, Math.Max(firstMs, fromMs));
            }
        }
        var spanMs = minTimeMs > head.MaxTimeMs ? 0 : unchecked((ulong)(head.MaxTimeMs - minTimeMs));
        return spanMs > (ulong)(_windowMs * 3 / 2)
            ? (Math.Max(fromMs, TimeWindow.Start(minTimeMs, _windowMs)), TimeWindow.End(minTimeMs, _windowMs)) : null;
    }

    private void SealWindow(long startMs, long endMs)
    {
        ReadPoint point;
        lock (head.CommitLock)
        {
            // From here on nothing is added to the window, so the newest commit has all of it.
            head.MinValidMs = Math.Max(head.MinValidMs, endMs);
            point = points.Open();
        }
        MetricBlock? block;
        try
        {
            block = WriteBlock(point.Commit, startMs, endMs);
        }
        finally
        {
            points.Close(point);
        }
        var version = points.Publish(block is null ? [] : [block], [], endMs);
        _pendingDrop = (endMs, version);
    }

    private MetricBlock? WriteBlock(long commit, long startMs, long endMs)
    {
        var series = head.AllSeries().Where(static series => !series.IsEmpty).ToArray();
        Array.Sort(series, static (left, right) => left.Labels.CompareTo(right.Labels));
        var (number, writer) = folder.Create();
        using (writer)
        {
            foreach (var one in series)
            {
                writer.BeginSeries(one.Labels);
                foreach (var chunk in one.Chunks(commit, endMs).Where(chunk => chunk.MaxTimeMs >= startMs))
                {
                    writer.AddChunk(chunk.Kind, chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Count, chunk.Bytes);
                }
            }
            if (writer.SampleCount == 0)
            {
                return null;
            }
            var meta = writer.Finish(new MetricBlockMeta(number, startMs, endMs, Level: 1, 0, 0, 0, []) { SealedUntilMs = endMs });
            instruments.Compactions.Add(1);
            logger.LogInformation("Metric store: sealed {Samples} samples of {Series} series into block {Number}, "
                + "[{Start}, {End}) ms", meta.SampleCount, meta.SeriesCount, number, startMs, endMs);
            return folder.Open(meta);
        }
    }

    /// <summary>Frees what is sealed, unless a querier is still open that was opened before the block was there.</summary>
    private bool DropSealed()
    {
        if (_pendingDrop is not { } drop || !points.AllSince(drop.Version))
        {
            return false;
        }
        lock (head.CommitLock)
        {
            instruments.SeriesRemoved.Add(head.DropBefore(drop.BeforeMs));
            head.DropUncommitted();
        }
        _pendingDrop = null;
        return true;
    }

    private void Checkpoint()
    {
        ReadPoint point;
        long segmentNumber;
        lock (head.CommitLock)
        {
            segmentNumber = wal.Rotate();
            point = points.Open();
        }
        try
        {
            checkpoint.Write(segmentNumber, head, metadata.Snapshot, point.Commit);
            instruments.Checkpoints.Add(1);
        }
        finally
        {
            points.Close(point);
        }
        checkpoint.RemoveBefore(readers.KeepFrom(segmentNumber));
    }

    private void Merge(CancellationToken cancellation)
    {
        var lengths = BlockPlan.WindowLengths(_windowMs, _retentionMs);
        for (var step = 0; step < MaxStepsPerRun; step++)
        {
            var blocks = points.View.Blocks;
            var plan = BlockPlan.NextMerge([.. blocks.Select(static block => block.Meta)], lengths);
            if (plan.Count == 0)
            {
                return;
            }
            MergeOnce([.. blocks.Where(block => plan.Contains(block.Meta))], cancellation);
        }
    }

    private void MergeOnce(MetricBlock[] sources, CancellationToken cancellation)
    {
        var (number, writer) = folder.Create();
        MetricBlockMeta meta;
        using (writer)
        {
            BlockMerger.Write(sources, writer, cancellation);
            meta = writer.Finish(new MetricBlockMeta(number, sources.Min(static source => source.Meta.MinTimeMs),
                sources.Max(static source => source.Meta.MaxTimeMs), sources.Max(static source => source.Meta.Level) + 1,
                0, 0, 0, [.. sources.Select(static source => source.Meta.Number)])
            {
                SealedUntilMs = sources.Max(static source => source.Meta.SealedUntilMs),
            });
        }
        points.Publish([folder.Open(meta)], sources, headFromMs: null);
        instruments.Compactions.Add(1);
        logger.LogInformation("Metric store: merged blocks {Sources} into block {Number}", string.Join(", ", meta.Sources), number);
        foreach (var source in sources)
        {
            Retire(source, keepDamaged: true);
        }
    }

    private void RemoveOld()
    {
        var blocks = points.View.Blocks;
        var metas = blocks.Select(static block => block.Meta).ToArray();

        // A sample from the future must not age what is there; without one, ages count from the newest sample.
        var newestMs = Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), head.MaxTimeMs);
        if (head.MaxTimeMs == long.MinValue && metas.Length > 0)
        {
            newestMs = metas[^1].MaxTimeMs;
        }
        var expired = BlockPlan.Expired(metas, newestMs, _retentionMs);
        instruments.TimeRetentions.Add(expired.Count);
        var sized = blocks.Where(block => !expired.Contains(block.Meta)).Select(static block => (block.Meta, block.SizeBytes));
        var tooMany = BlockPlan.BeyondSize([.. sized], walSizeBytes(), options.RetentionBytes);
        instruments.SizeRetentions.Add(tooMany.Count);
        var removed = blocks.Where(block => expired.Contains(block.Meta) || tooMany.Contains(block.Meta)).ToArray();
        if (removed.Length == 0)
        {
            return;
        }
        points.Publish([], removed, headFromMs: null);
        foreach (var block in removed)
        {
            logger.LogInformation("Metric store: removed block {Number}, older than the retention allows", block.Meta.Number);
            Retire(block, keepDamaged: false);
        }
    }

    /// <summary>Removes a block that no new view has; one that was damaged stays aside when its whole chunks were merged.</summary>
    private void Retire(MetricBlock block, bool keepDamaged)
    {
        if (keepDamaged && folder.HasDamage(block))
        {
            folder.Quarantine(block.FilePath, "damaged chunks; its whole ones are merged into another block");
        }
        else
        {
            folder.Remove(block);
        }
        block.Release();
    }
}
