using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>The reduced windows of one interval, in a folder of their own: one block a window.</summary>
/// <remarks>Views are opened by any thread; all else belongs to whoever runs maintenance, one at a time. A window spans a whole
/// number of intervals, without its start and with its end. Counts and sums are series beside the points, told apart by a label.</remarks>
internal sealed class DownsampledLevel : IDisposable
{
    /// <summary>Empty for the points.</summary>
    public const string KindLabel = "__downsampled__";

    /// <summary>Bounds the windows that are known to hold nothing; they are looked at again when forgotten.</summary>
    private const int MaxEmpty = 10_000;
    private const long LeastWindowMs = 24L * 60 * 60 * 1000;

    private readonly ReadPoints _points = new() { Changes = new StoreChanges() };
    private readonly BlockFolder _folder;
    private readonly StoreChanges _changes;
    private readonly ILogger _logger;

    /// <summary>The store's version before each block was made.</summary>
    private readonly ConcurrentDictionary<long, long> _versions = new();
    private readonly HashSet<long> _empty = [];

    /// <param name="areStale">What is there may lack samples that came late, and is made anew.</param>
    public DownsampledLevel(IFileSystem files, string directory, DownsamplingRule rule, StoreChanges changes, bool areStale,
        MetricStoreInstruments instruments, ILogger logger)
    {
        Rule = rule;
        IntervalMs = (long)rule.Interval.TotalMilliseconds;
        WindowMs = IntervalMs * Math.Max(1, LeastWindowMs / IntervalMs);
        _changes = changes;
        _logger = logger;
        files.CreateDirectory(directory);
        _folder = new BlockFolder(files, directory, instruments, logger);
        var blocks = _folder.OpenAll();
        foreach (var block in blocks)
        {
            _versions[block.Meta.Number] = areStale ? -1 : changes.Version;
        }
        _points.Publish(blocks.ToArray(), [], headFromMs: null);
    }

    public DownsamplingRule Rule { get; set; }

    public long IntervalMs { get; }

    public long WindowMs { get; }

    public static string KindOf(SampleAggregate aggregate) => aggregate switch
    {
        SampleAggregate.Count => "count",
        SampleAggregate.Sum => "sum",
        _ => "",
    };

    public ReadPoint Open() => _points.Open();

    public void Close(ReadPoint point) => _points.Close(point);

    /// <summary>Whether a window says what all samples say: nothing of its time changed since it was made, or they have left.</summary>
    /// <param name="oldestMs">Nothing is left before it.</param>
    public bool Holds(MetricBlock block, long oldestMs) => block.Meta.MinTimeMs < oldestMs
        || (_versions.TryGetValue(block.Meta.Number, out var version) && _changes.UnchangedSince(version).UntilMs >= block.Meta.MaxTimeMs);

    /// <summary>Makes the windows that are old enough and not there, and those anew that no longer hold.</summary>
    /// <param name="open">Opens a view of all samples of a time.</param>
    /// <param name="oldestMs">Nothing is left before it.</param>
    /// <param name="wholeFromMs">From when on nothing of any series has left: only such a window can be made anew.</param>
    public void Build(
        Func<long, long, IMetricQuerier> open, long oldestMs, long wholeFromMs, long newestMs, CancellationToken cancellation)
    {
        foreach (var block in _points.View.Blocks.Where(block => block.Meta.MinTimeMs >= wholeFromMs && !Holds(block, oldestMs)))
        {
            Retire(block);
        }
        var made = _points.View.Blocks.Select(static block => block.Meta.MinTimeMs).ToHashSet();
        var untilMs = newestMs - (long)Rule.After.TotalMilliseconds;
        if (oldestMs == long.MinValue || oldestMs > untilMs)
        {
            return;
        }
        for (var endMs = IntervalReduction.EndOf(oldestMs, WindowMs); endMs <= untilMs; endMs += WindowMs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!made.Contains(endMs - WindowMs + 1) && !_empty.Contains(endMs))
            {
                BuildWindow(open, endMs, cancellation);
            }
        }
    }

    /// <summary>Removes what ends before a time.</summary>
    public void RemoveBefore(long timeMs)
    {
        foreach (var block in _points.View.Blocks.Where(block => block.Meta.MaxTimeMs <= timeMs))
        {
            Retire(block);
        }
    }

    /// <summary>Removes the windows of a range (both ends inclusive), whose samples are about to change, as far as they can be made
    /// anew.</summary>
    public void Forget(long minTimeMs, long maxTimeMs, long wholeFromMs)
    {
        foreach (var block in _points.View.Blocks.Where(block => block.Meta.Overlaps(minTimeMs, maxTimeMs) && block.Meta.MinTimeMs >= wholeFromMs))
        {
            Retire(block);
        }
    }

    /// <summary>Deletes the intervals of matching series that touch a range, both ends inclusive.</summary>
    public void Delete(IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation)
    {
        var lastMs = maxTimeMs > long.MaxValue - IntervalMs ? maxTimeMs : IntervalReduction.EndOf(maxTimeMs, IntervalMs);
        foreach (var block in _points.View.Blocks.Where(block => block.Meta.Overlaps(minTimeMs, lastMs)))
        {
            var ranges = new Dictionary<int, TimeRange>();
            foreach (var series in block.Select(matchers, minTimeMs, lastMs, cancellation))
            {
                ranges[series.Number] = new TimeRange(minTimeMs, series.Labels.Has(KindLabel) ? lastMs : maxTimeMs);
            }
            if (ranges.Count > 0)
            {
                _folder.Delete(block, ranges);
            }
        }
    }

    public void Dispose()
    {
        foreach (var block in _points.View.Blocks)
        {
            block.Release();
        }
    }

    private void BuildWindow(Func<long, long, IMetricQuerier> open, long endMs, CancellationToken cancellation)
    {
        var (firstMs, version) = (endMs - WindowMs + 1, _changes.Version);
        using var querier = open(firstMs, endMs);
        var kinds = Enum.GetValues<SampleAggregate>();
        var all = querier.Select(Rule.Matchers, cancellation)
            .SelectMany(series => kinds.Select(kind => (Labels: series.Labels.With(KindLabel, KindOf(kind)), Kind: kind, Series: series)))
            .OrderBy(static one => one.Labels).ToArray();
        var (number, writer) = _folder.Create();
        using (writer)
        {
            var samples = new SampleBuffer();
            var reduced = new SampleBuffer();
            foreach (var (labels, kind, series) in all)
            {
                cancellation.ThrowIfCancellationRequested();
                samples.Clear();
                series.Read(firstMs, endMs, samples);
                if (samples.HasHistograms && kind == SampleAggregate.Sum)
                {
                    continue;
                }
                reduced.Clear();
                IntervalReduction.Reduce(samples, IntervalMs, kind, reduced);
                writer.BeginSeries(labels);
                SamplePacker.Pack(reduced, 0, reduced.Count, writer);
            }
            if (writer.SampleCount == 0)
            {
                if (_empty.Count == MaxEmpty)
                {
                    _empty.Clear();
                }
                _empty.Add(endMs);
                return;
            }
            var meta = writer.Finish(new MetricBlockMeta(number, firstMs, endMs + 1, Level: 1, 0, 0, 0, []));
            _versions[number] = version;
            _points.Publish([_folder.Open(meta)], [], headFromMs: null);
            _changes.RecordRemoval(endMs + 1);
            _logger.LogInformation("Metric store: reduced [{First}, {End}] ms to intervals of {Interval} ms, {Samples} samples",
                firstMs, endMs, IntervalMs, meta.SampleCount);
        }
    }

    private void Retire(MetricBlock block)
    {
        _points.Publish([], [block], headFromMs: null);
        _changes.RecordRemoval(block.Meta.MaxTimeMs);
        _versions.TryRemove(block.Meta.Number, out _);
        _folder.Remove(block);
        block.Release();
    }
}
