using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>Counts the head for the status page. Walks every series; asked seldom.</summary>
internal static class MetricStoreReport
{
    public static MetricStoreStatus Write(HeadBlock head, StoreView view, int topLimit, long walBytes)
    {
        long chunks = 0;
        var minTimeMs = long.MaxValue;
        var maxTimeMs = long.MinValue;
        foreach (var series in head.AllSeries())
        {
            if (series.Extent(out var seriesMinMs, out var seriesMaxMs, out var chunkCount))
            {
                chunks += chunkCount;
                minTimeMs = Math.Min(minTimeMs, seriesMinMs);
                maxTimeMs = Math.Max(maxTimeMs, seriesMaxMs);
            }
        }
        var pairs = head.Index.Pairs();
        var byName = pairs.GroupBy(static pair => pair.Name, StringComparer.Ordinal).ToArray();
        return new MetricStoreStatus
        {
            SeriesCount = head.SeriesCount,
            ChunkCount = chunks,
            LabelPairCount = pairs.Count,
            MinTimeMs = minTimeMs,
            MaxTimeMs = maxTimeMs,
            BlockCount = view.Blocks.Length,
            Blocks = [.. view.Blocks.Select(static block => block.Meta).Select(static meta => new MetricBlockStatus(
                meta.Number, meta.MinTimeMs, meta.MaxTimeMs, meta.Level, meta.SeriesCount, meta.ChunkCount, meta.SampleCount,
                meta.Sources))],
            SizeBytes = view.Blocks.Sum(static block => block.SizeBytes) + walBytes,
            SeriesCountByMetricName = Top(topLimit, pairs.Where(static pair => pair.Name == Label.MetricName)
                .Select(static pair => KeyValuePair.Create(pair.Value, (long)pair.SeriesCount))),
            LabelValueCountByLabelName = Top(topLimit, byName.Select(static name =>
                KeyValuePair.Create(name.Key, name.LongCount()))),
            MemoryInBytesByLabelName = Top(topLimit, byName.Select(static name =>
                KeyValuePair.Create(name.Key, name.Sum(static pair => (long)pair.Value.Length * pair.SeriesCount)))),
            SeriesCountByLabelValuePair = Top(topLimit, pairs.Select(static pair =>
                KeyValuePair.Create($"{pair.Name}={pair.Value}", (long)pair.SeriesCount))),
        };
    }

    private static KeyValuePair<string, long>[] Top(int limit, IEnumerable<KeyValuePair<string, long>> counts) =>
        [.. counts.OrderByDescending(static count => count.Value).ThenBy(static count => count.Key, StringComparer.Ordinal)
            .Take(limit)];
}
