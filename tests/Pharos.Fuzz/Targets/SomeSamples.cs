using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets;

/// <summary>A few series of each kind of sample, for the formats of files.</summary>
internal static class SomeSamples
{
    /// <summary>The samples of one tick; every fifth comes late.</summary>
    public static IEnumerable<(LabelSet Labels, SeriesSample Sample)> At(long timestampMs, int tick)
    {
        var late = tick % 5 == 4 ? timestampMs - 22_000 : timestampMs;
        yield return (Labels("m1", "a"), new SeriesSample(timestampMs, tick * 1.5, null, 0));
        yield return (Labels("m2", "b"), new SeriesSample(late, tick % 3 == 0 ? double.NaN : 1, null, timestampMs - 60_000));
        yield return (Labels("h1", "a"), new SeriesSample(timestampMs, 0, Exponential(tick), 0));
        yield return (Labels("h2", "a"), new SeriesSample(timestampMs, 0, Custom(tick), timestampMs - 60_000));
    }

    public static LabelSet Labels(string name, string instance) => LabelSet.From(("__name__", name), ("instance", instance), ("job", "\u00fc"));

    /// <summary>The samples of one kind, in order.</summary>
    public static SampleBuffer Series(string name, int ticks)
    {
        var buffer = new SampleBuffer();
        for (var tick = 0; tick < ticks; tick++)
        {
            foreach (var (labels, sample) in At(1_700_000_000_000 + (tick * 15_000L), tick))
            {
                if (labels.MetricName == name)
                {
                    buffer.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
                }
            }
        }
        buffer.SortByTime();
        return buffer;
    }

    private static NativeHistogram Exponential(int tick) => tick == 7 ? NativeHistogram.Stale : new NativeHistogram
    {
        Schema = 2, Count = 7 + (7 * tick), Sum = 9.5 * tick, ZeroThreshold = 0.001, ZeroCount = 1 + tick,
        PositiveSpans = [new BucketSpan(-2, 2), new BucketSpan(3, 1)], PositiveBuckets = [2 + (2 * tick), 1 + tick, 1 + tick],
        NegativeSpans = [new BucketSpan(0, 1)], NegativeBuckets = [2 + (2 * tick)], HasIntegerCounts = true,
    };

    private static NativeHistogram Custom(int tick) => new()
    {
        Schema = NativeHistogram.CustomBucketsSchema, Count = 3.5 + tick, Sum = 2 * tick, CustomBounds = [1, 2.5],
        PositiveSpans = [new BucketSpan(0, 3)], PositiveBuckets = [1, 0.5 + tick, 2],
    };
}
