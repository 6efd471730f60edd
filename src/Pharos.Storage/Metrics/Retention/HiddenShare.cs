using Pharos.Storage.Metrics.Blocks;

namespace Pharos.Storage.Metrics.Retention;

/// <summary>How much of a block is past its retention, and so comes back with a rewrite.</summary>
internal static class HiddenShare
{
    /// <summary>A block is rewritten when at least this share of its samples would go: a smaller one costs more writing than it
    /// frees, and grows, or goes with the next merge.</summary>
    public const double WorthRewriting = 0.25;

    /// <returns>From 0 to 1, by samples; a chunk counts once all of it is hidden.</returns>
    public static double Of(MetricBlock block, RetentionHorizon horizon)
    {
        if (block.Meta.MinTimeMs >= horizon.LatestMs)
        {
            return 0;
        }
        long all = 0;
        long hidden = 0;
        for (var number = 0; number < block.SeriesCount; number++)
        {
            var series = block.SeriesAt(number);
            var fromMs = horizon.FromMs(series.Labels);
            foreach (var chunk in series.Chunks)
            {
                all += chunk.Count;
                hidden += chunk.MaxTimeMs < fromMs ? chunk.Count : 0;
            }
        }
        return all == 0 ? 0 : (double)hidden / all;
    }
}
