using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>The reduced windows that one querier may read.</summary>
/// <remarks>Holds their blocks until it is disposed.</remarks>
/// <param name="minTimeMs">Inclusive, as <paramref name="maxTimeMs"/>.</param>
/// <param name="oldestMs">Before it no other samples are left.</param>
internal sealed class DownsampledView(DownsampledLevels levels, long minTimeMs, long maxTimeMs, long oldestMs) : IDisposable
{
    private readonly (DownsampledLevel Level, ReadPoint Point)[] _levels = [.. levels.All.Select(static level => (level, level.Open()))];

    /// <summary>Whether reduced windows may be all that is left of a part of the time.</summary>
    public bool MayBeAlone(long horizonMs) => minTimeMs < Math.Max(oldestMs, horizonMs) && Array.Exists(_levels, entry => Blocks(entry).Any());

    /// <summary>Series whose windows of the coarsest interval that the hints allow stand for all samples of their time; null where there
    /// are none.</summary>
    /// <param name="all">Selects the series with all samples, in the order of labels.</param>
    public IReadOnlyList<IStoredSeries>? Select(
        IReadOnlyList<LabelMatcher> matchers, ReadHints hints, Func<IReadOnlyList<IStoredSeries>> all, CancellationToken cancellation)
    {
        for (var i = _levels.Length - 1; i >= 0; i--)
        {
            var (level, _) = _levels[i];
            if (!hints.Allow(level.IntervalMs))
            {
                continue;
            }
            var blocks = Blocks(_levels[i]).Where(block => level.Holds(block, oldestMs)).ToArray();
            if (blocks.Length > 0)
            {
                var parts = new SortedDictionary<LabelSet, List<DownsampledPart>>();
                AddParts(parts, blocks, matchers, hints.Wanted, static _ => long.MaxValue, cancellation);
                return Join(parts, all(), hints.Wanted);
            }
        }
        return null;
    }

    /// <summary>Adds what is left only in reduced form, the finest first, before all else.</summary>
    /// <param name="series">With all samples, in the order of labels.</param>
    /// <param name="fromMs">From when on all samples of a series are there.</param>
    public IReadOnlyList<IStoredSeries> AddOlder(IReadOnlyList<LabelMatcher> matchers, IReadOnlyList<IStoredSeries> series,
        Func<LabelSet, long> fromMs, CancellationToken cancellation)
    {
        var parts = new SortedDictionary<LabelSet, List<DownsampledPart>>();
        var limitMs = long.MaxValue;
        foreach (var entry in _levels)
        {
            var blocks = Blocks(entry).Where(block => block.Meta.MinTimeMs < limitMs).ToArray();
            var untilMs = limitMs;
            AddParts(parts, blocks, matchers, SampleAggregate.Points, labels => Math.Min(untilMs, Math.Max(oldestMs, fromMs(labels))), cancellation);
            limitMs = blocks.Length > 0 ? Math.Min(limitMs, blocks[0].Meta.MinTimeMs) : limitMs;
        }
        return Join(parts, series, SampleAggregate.Points);
    }

    public void Dispose()
    {
        foreach (var (level, point) in _levels)
        {
            level.Close(point);
        }
    }

    private IEnumerable<MetricBlock> Blocks((DownsampledLevel Level, ReadPoint Point) entry) =>
        entry.Point.View.Blocks.Where(block => block.Meta.Overlaps(minTimeMs, maxTimeMs));

    /// <param name="untilMs">Per series where its parts end, exclusive.</param>
    private void AddParts(SortedDictionary<LabelSet, List<DownsampledPart>> parts, IEnumerable<MetricBlock> blocks,
        IReadOnlyList<LabelMatcher> matchers, SampleAggregate wanted, Func<LabelSet, long> untilMs, CancellationToken cancellation)
    {
        IReadOnlyList<LabelMatcher> ofKind =
            [.. matchers, new LabelMatcher(Model.MatchType.Equal, DownsampledLevel.KindLabel, DownsampledLevel.KindOf(wanted))];
        foreach (var block in blocks)
        {
            foreach (var series in block.Select(ofKind, minTimeMs, maxTimeMs, cancellation))
            {
                var labels = series.Labels.Without(DownsampledLevel.KindLabel);
                var toMs = Math.Min(block.Meta.MaxTimeMs, untilMs(labels)) - 1;
                if (toMs < block.Meta.MinTimeMs || toMs < minTimeMs)
                {
                    continue;
                }
                if (!parts.TryGetValue(labels, out var own))
                {
                    parts.Add(labels, own = []);
                }
                own.Add(new DownsampledPart(block.Meta.MinTimeMs, toMs, series));
            }
        }
    }

    private static List<IStoredSeries> Join(
        SortedDictionary<LabelSet, List<DownsampledPart>> parts, IReadOnlyList<IStoredSeries> series, SampleAggregate wanted)
    {
        var joined = new List<IStoredSeries>(series.Count);
        foreach (var one in series)
        {
            // A series without reduced windows has no rule, or histograms of which the sum is wanted: where counts are wanted it counts, too.
            joined.Add(parts.Remove(one.Labels, out var own)
                ? new DownsampledSeries(one.Labels, InOrder(own), one, wanted) : new DownsampledSeries(one.Labels, [], one, wanted));
        }
        joined.AddRange(parts.Select(entry => new DownsampledSeries(entry.Key, InOrder(entry.Value), null, wanted)));
        joined.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
        return joined;
    }

    private static List<DownsampledPart> InOrder(List<DownsampledPart> parts)
    {
        parts.Sort(static (left, right) => left.FromMs.CompareTo(right.FromMs));
        return parts;
    }
}
