using Microsoft.Extensions.Logging;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Metrics.Snapshots;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>Seals old windows of the head into blocks, merges blocks, removes old ones, and shortens the log.</summary>
/// <remarks>One run at a time, under a lock that comes first in the lock order. Each step stands for itself: what the disk
/// refuses is logged and counted, and tried again by the next run.</remarks>
internal sealed class MetricStoreMaintenance(MetricStoreOptions options, TimeProvider time, HeadBlock head, ReadPoints points,
    HeadCheckpoints checkpoints, BlockFolder folder, BlockNotes notes, DownsampledLevels levels, StoreSnapshot snapshot, MetadataTable metadata,
    Func<long> walSizeBytes, MetricStoreInstruments instruments, ILogger logger)
{
    /// <summary>A bound for one run; a store that was fed years at once goes on at the next.</summary>
    private const int MaxStepsPerRun = 1_000;

    /// <summary>Samples of sealed windows that came late stay in the head until the next window is sealed, or until they are
    /// so many.</summary>
    private const int MaxLateSamples = 1_000_000;

    private readonly Lock _lock = new();
    private readonly long _windowMs = (long)options.BlockDuration.TotalMilliseconds;
    private volatile MetricStoreOptions _options = options;
    private (IReadOnlyList<RetentionRule> Rules, long NewestMs) _freed = ([], long.MinValue);
    private (long LateFromMs, long BeforeMs, long Version, long Commit)? _pendingDrop;

    public DownsampledLevels Levels { get; } = levels;

    /// <summary>From when on nothing of any series has left.</summary>
    private long WholeFromMs => Math.Max(MetricQuerier.OldestIn(points.View, head), Horizon().LatestMs);

    /// <summary>The length of the windows that blocks grow to.</summary>
    public long LongestWindowMs => BlockPlan.WindowLengths(_windowMs, RetentionMs)[^1];

    private long RetentionMs => (long)_options.RetentionTime.TotalMilliseconds;

    public void Run(CancellationToken cancellation)
    {
        lock (_lock)
        {
            Step("moving chunks to files", instruments.CheckpointFailures, head.Chunks.Spill);
            Step("sealing the head", instruments.CompactionFailures, () => Seal(cancellation));
            Step("merging blocks", instruments.CompactionFailures, () => Merge(cancellation));
            Step("reducing samples", instruments.CompactionFailures, () => Levels.Run(
                OpenAll, MetricQuerier.OldestIn(points.View, head), WholeFromMs, NewestMs(), _options.RetentionTime, cancellation));
            Step("removing old blocks", instruments.CompactionFailures, RemoveOld);
            Step("freeing samples past their retention", instruments.CompactionFailures, () => FreeHidden(cancellation));
            Note();
        }
    }

    /// <summary>Takes over what may change while the store is open: retention and downsampling.</summary>
    public void Reconfigure(MetricStoreOptions changed)
    {
        lock (_lock)
        {
            var rules = _options.RetentionRules;
            _options = _options with
            {
                RetentionTime = changed.RetentionTime,
                RetentionRules = changed.RetentionRules,
                RetentionBytes = changed.RetentionBytes,
                DownsamplingRules = changed.DownsamplingRules,
            };
            Levels.Apply(changed.DownsamplingRules, areStale: head.LateCount > 0);
            if (rules.Count > 0 || changed.RetentionRules.Count > 0)
            {
                // A rule that is taken back shows again what it hid.
                points.Changes.Record(long.MinValue);
            }
        }
    }

    /// <summary>From when on samples of each series are kept, now.</summary>
    public RetentionHorizon Horizon()
    {
        var current = _options;
        return current.RetentionRules.Count == 0 ? RetentionHorizon.None
            : new RetentionHorizon(current.RetentionRules, current.RetentionTime, NewestMs());
    }

    /// <summary>Runs something while no block comes or goes.</summary>
    public void WhileStill(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    /// <summary>Deletes the matching samples of a range (both ends inclusive) from every block.</summary>
    public void DeleteFromBlocks(IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs,
        CancellationToken cancellation)
    {
        lock (_lock)
        {
            folder.Delete(points.View.Blocks, matchers, minTimeMs, maxTimeMs, cancellation);
        }
    }

    /// <summary>Rewrites every block that has deleted samples without them.</summary>
    public void CleanTombstones(CancellationToken cancellation)
    {
        lock (_lock)
        {
            foreach (var block in points.View.Blocks.Where(static block => block.Tombstones is not null))
            {
                MergeOnce([block], cancellation);
            }
        }
    }

    /// <summary>Deletes the matching samples of a range (both ends inclusive) from what is reduced.</summary>
    public void DeleteFromLevels(IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        Levels.Delete(matchers, minTimeMs, maxTimeMs, WholeFromMs, cancellation);

    /// <summary>Writes a copy of the store and answers its name.</summary>
    public string Snapshot(bool skipHead, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var name = StoreSnapshot.NameAt(time.GetUtcNow());
            ReadPoint point;
            lock (head.CommitLock)
            {
                point = points.Open();
            }
            try
            {
                snapshot.CopyBlocks(name, point.View.Blocks, cancellation);
                if (!skipHead)
                {
                    snapshot.WriteHead(name, head, metadata.Snapshot, point);
                }
                return name;
            }
            finally
            {
                points.Close(point);
            }
        }
    }

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
            if (blocks.Count == 0)
            {
                return;
            }
            var earliestMs = blocks.Min(static block => block.Meta.MinTimeMs);
            Levels.Forget(earliestMs, blocks.Max(static block => block.Meta.MaxTimeMs), WholeFromMs);
            points.Changes.Record(earliestMs);
            points.Publish(blocks, [], headFromMs: null);
            points.Changes.Record(earliestMs);
            instruments.Compactions.Add(blocks.Count);
        }
    }

    /// <summary>Removes a block that was never published.</summary>
    public void Discard(MetricBlock block)
    {
        folder.Remove(block);
        block.Release();
    }

    /// <summary>Writes a checkpoint when the log has grown by as much as a restart should replay, or when nothing has come in for a
    /// while; called every second.</summary>
    public void CheckpointIfDue()
    {
        if (checkpoints.Due(_options.CheckpointBytes) is { } form)
        {
            Checkpoint(form);
        }
    }

    /// <summary>Writes a checkpoint now.</summary>
    public void Checkpoint(CheckpointForm form)
    {
        lock (_lock)
        {
            WriteCheckpoint(form);
        }
    }

    /// <summary>Returns when no run is under way, and leaves as few bytes as it can.</summary>
    /// <param name="isTidy">Whether the head is to be left in files, without a log.</param>
    public void Close(bool isTidy)
    {
        lock (_lock)
        {
            _pendingDrop = null;
            if (isTidy && !checkpoints.IsTidy)
            {
                WriteCheckpoint(CheckpointForm.Merged);
            }
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
        var hasSealed = false;
        for (var step = 0; step < MaxStepsPerRun && _pendingDrop is null && NextWindow() is { } window; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            SealWindow(window.Start, window.End);
            hasDropped |= DropSealed();
            hasSealed = true;
        }
        if (_pendingDrop is null && head.LateCount > 0 && (hasSealed || head.LateCount > MaxLateSamples))
        {
            SealLate();
            hasDropped |= DropSealed();
        }
        if (hasDropped || checkpoints.IsLogLong(_options.CheckpointBytes))
        {
            WriteCheckpoint(CheckpointForm.Quick);
        }
    }

    /// <summary>The oldest window with samples, once the head spans one and a half windows.</summary>
    /// <remarks>A sample from the future must not seal the window that others still write to: what counts is where ages count from.</remarks>
    private (long Start, long End)? NextWindow()
    {
        var fromMs = points.View.HeadFromMs;
        var minTimeMs = long.MaxValue;
        foreach (var series in head.AllSeries())
        {
            minTimeMs = Math.Min(minTimeMs, series.FirstTimeFrom(fromMs));
        }
        var newestMs = NewestMs();
        var spanMs = minTimeMs > newestMs ? 0 : unchecked((ulong)(newestMs - minTimeMs));
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
        _pendingDrop = (startMs, endMs, version, point.Commit);
    }

    /// <summary>Writes the samples that came after their window was sealed into blocks of their own, to be merged.</summary>
    private void SealLate()
    {
        ReadPoint point;
        lock (head.CommitLock)
        {
            point = points.Open();
        }
        var windows = new SortedDictionary<long, List<SampleRun>>();
        var beforeMs = point.View.HeadFromMs;
        try
        {
            foreach (var series in head.SortedSeries(static series => series.HasLate))
            {
                using var view = series.View(point.Commit);
                var samples = view.LateIn(long.MinValue, beforeMs - 1);
                foreach (var run in SampleRun.Split(series.Labels, samples, _windowMs))
                {
                    var start = TimeWindow.Start(run.MinTimeMs, _windowMs);
                    windows.TryAdd(start, []);
                    windows[start].Add(run);
                }
            }
        }
        finally
        {
            points.Close(point);
        }
        var blocks = windows.Values.Select(WriteLoose).ToArray();
        var version = points.Publish(blocks, [], headFromMs: null);
        instruments.Compactions.Add(blocks.Length);
        _pendingDrop = (long.MinValue, beforeMs, version, point.Commit);
    }

    private MetricBlock? WriteBlock(long commit, long startMs, long endMs)
    {
        var series = head.SortedSeries(static series => !series.IsEmpty);
        var (number, writer) = folder.Create();
        using (writer)
        {
            var samples = new SampleBuffer();
            foreach (var one in series)
            {
                writer.BeginSeries(one.Labels);
                samples.Clear();
                using var view = one.View(commit);
                view.Read(startMs, startMs, endMs - 1, samples);
                SamplePacker.Pack(samples, 0, samples.Count, writer);
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
            instruments.SeriesRemoved.Add(head.DropBefore(drop.BeforeMs, drop.LateFromMs, drop.Commit));
            head.DropUncommitted();
        }
        _pendingDrop = null;
        return true;
    }

    private void WriteCheckpoint(CheckpointForm form) =>
        Step("writing a checkpoint", instruments.CheckpointFailures, () => checkpoints.Write(form));

    private void Merge(CancellationToken cancellation)
    {
        var lengths = BlockPlan.WindowLengths(_windowMs, RetentionMs);
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
        MetricBlock[] merged;
        using (writer)
        {
            BlockMerger.Write(sources, Horizon(), writer, cancellation);

            // Nothing is left where all of it is deleted; a writer that is not finished leaves no file.
            merged = writer.SampleCount == 0 ? [] : [Finish(sources, number, writer)];
        }
        points.Publish(merged, sources, headFromMs: null);
        instruments.Compactions.Add(1);
        logger.LogInformation("Metric store: merged blocks {Sources} into block {Number}",
            string.Join(", ", sources.Select(static source => source.Meta.Number)), number);
        Retire(sources, keepDamaged: true);
    }

    private MetricBlock Finish(MetricBlock[] sources, long number, MetricBlockWriter writer) =>
        folder.Open(writer.Finish(new MetricBlockMeta(number, sources.Min(static source => source.Meta.MinTimeMs),
            sources.Max(static source => source.Meta.MaxTimeMs), sources.Max(static source => source.Meta.Level) + 1,
            0, 0, 0, [.. sources.Select(static source => source.Meta.Number)])
        {
            SealedUntilMs = sources.Max(static source => source.Meta.SealedUntilMs),
        }));

    private void RemoveOld()
    {
        var blocks = points.View.Blocks;
        var metas = blocks.Select(static block => block.Meta).ToArray();

        var longest = RetentionHorizon.Longest(_options.RetentionRules, _options.RetentionTime);
        var expired = BlockPlan.Expired(metas, NewestMs(), (long)longest.TotalMilliseconds);
        instruments.TimeRetentions.Add(expired.Count);
        var sized = blocks.Where(block => !expired.Contains(block.Meta)).Select(static block => (block.Meta, block.SizeBytes));
        var tooMany = BlockPlan.BeyondSize([.. sized], walSizeBytes(), _options.RetentionBytes);
        instruments.SizeRetentions.Add(tooMany.Count);
        var removed = blocks.Where(block => expired.Contains(block.Meta) || tooMany.Contains(block.Meta)).ToArray();
        if (removed.Length == 0)
        {
            return;
        }
        var untilMs = removed.Max(static block => block.Meta.MaxTimeMs);
        points.Changes.RecordRemoval(untilMs);
        points.Publish([], removed, headFromMs: null);
        points.Changes.RecordRemoval(untilMs);
        Retire(removed, keepDamaged: false);
        foreach (var block in removed)
        {
            logger.LogInformation("Metric store: removed block {Number}, older than the retention allows", block.Meta.Number);
        }
    }

    /// <summary>Rewrites the blocks of which enough is past its retention.</summary>
    private void FreeHidden(CancellationToken cancellation)
    {
        var horizon = Horizon();
        var (rules, newestMs) = (_options.RetentionRules, NewestMs());

        // Every block's index is walked, so not at each run: when the rules change, and when much more may be hidden.
        if (horizon.LatestMs == long.MinValue || (ReferenceEquals(rules, _freed.Rules) && newestMs < _freed.NewestMs + (_windowMs / 4)))
        {
            return;
        }
        foreach (var block in points.View.Blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            if (HiddenShare.Of(block, horizon) >= HiddenShare.WorthRewriting)
            {
                MergeOnce([block], cancellation);
            }
        }
        _freed = (rules, newestMs);
    }

    private MetricQuerier OpenAll(long minTimeMs, long maxTimeMs) => new(head, points, Horizon(), levels: null, minTimeMs, maxTimeMs);

    /// <summary>Where ages count from. A sample from the future must not age what is there; without one, ages count from the
    /// newest sample.</summary>
    private long NewestMs() =>
        head.MaxTimeMs == long.MinValue && points.View.Blocks is [.., var newest] ? newest.Meta.MaxTimeMs
        : Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), head.MaxTimeMs);

    /// <summary>Removes blocks that no new view has.</summary>
    /// <remarks>Noted before, so that the next start does not miss them. A full disk may refuse that, and this is what makes room on it:
    /// then they go all the same, and are noted when there is room.</remarks>
    private void Retire(MetricBlock[] blocks, bool keepDamaged)
    {
        var isNoted = Note();
        foreach (var block in blocks)
        {
            folder.Retire(block, keepDamaged);
        }
        if (!isNoted)
        {
            Note();
        }
    }

    private bool Note()
    {
        Step("noting its blocks", instruments.WalFailures, notes.Write);
        return notes.AreCurrent;
    }
}
