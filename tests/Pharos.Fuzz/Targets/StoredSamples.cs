using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets;

/// <summary>Reads everything of a store: what could be stored can be read.</summary>
internal static class StoredSamples
{
    /// <returns>How many samples there are.</returns>
    /// <param name="areSound">Whether samples came in by a way that checks them.</param>
    public static long ReadAll(IMetricStore store, bool areSound = true)
    {
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        return ReadAll(querier, areSound);
    }

    private static long ReadAll(IMetricQuerier querier, bool areSound)
    {
        var buffer = new SampleBuffer();
        var count = 0L;
        foreach (var series in querier.Select([], CancellationToken.None))
        {
            buffer.Clear();
            series.Read(long.MinValue, long.MaxValue, buffer);
            count += buffer.Count;
            for (var i = 1; areSound && i < buffer.Count; i++)
            {
                if (buffer.Timestamps[i] <= buffer.Timestamps[i - 1])
                {
                    throw new BrokenPromiseException($"samples of {series.Labels} are not in the order of time");
                }
            }
            foreach (var histogram in buffer.Histograms)
            {
                if (areSound && histogram is { IsStale: false } && histogram.Problem() is { } wrong)
                {
                    throw new BrokenPromiseException($"a histogram was stored that is not consistent: {wrong}");
                }
            }
        }
        _ = querier.LabelNames(Array.Empty<LabelMatcher>(), CancellationToken.None);
        return count;
    }
}
