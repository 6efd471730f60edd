using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Deletion;

/// <summary>What a deletion hides of the head.</summary>
internal static class DeletableRanges
{
    /// <summary>The range in each matching series, as far as it has samples there. The caller holds <see cref="HeadBlock.CommitLock"/>
    /// until they are hidden.</summary>
    public static List<(HeadSeries Series, TimeRange Range)> Of(HeadBlock head, IReadOnlyList<LabelMatcher> matchers, long minTimeMs,
        long maxTimeMs, CancellationToken cancellation)
    {
        var ranges = new List<(HeadSeries, TimeRange)>();
        foreach (var id in head.Index.Select(matchers, cancellation))
        {
            if (head.Find(id) is { } series && series.DeletableIn(minTimeMs, maxTimeMs) is { } range)
            {
                ranges.Add((series, range));
            }
        }
        return ranges;
    }
}
