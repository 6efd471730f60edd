using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Builders for the metric store's tests.</summary>
internal static class Some
{
    public const long MinuteMs = 60_000;
    public const long HourMs = 60 * MinuteMs;

    public static LabelSet Series(string name, string instance = "a") =>
        LabelSet.From(("__name__", name), ("instance", instance), ("job", "test"));

    public static LabelMatcher Named(string name) => new(Model.MatchType.Equal, "__name__", name);

    public static MetricStoreOptions Options(string directory) => new()
    {
        Directory = directory,
        RetentionTime = TimeSpan.Zero,
        Fsync = FsyncPolicy.EachCommit,
    };

    public static MetricStore Open(MetricStoreOptions options, IFileSystem? files = null, ILogger? logger = null) =>
        MetricStore.Open(options, files ?? new DiskFileSystem(), TimeProvider.System, logger ?? NullLogger.Instance,
            new Meter("test"));

    public static AppendResult AppendOne(this IMetricStore store, LabelSet labels, long timestampMs, double value) =>
        store.AppendOne(labels, new SeriesSample(timestampMs, value, null, 0));

    public static AppendResult AppendOne(this IMetricStore store, LabelSet labels, SeriesSample sample)
    {
        using var appender = store.Appender();
        ulong reference = 0;
        var result = sample.Histogram is { } histogram
            ? appender.Append(ref reference, labels, sample.TimestampMs, histogram, sample.StartTimeMs)
            : appender.Append(ref reference, labels, sample.TimestampMs, sample.Value, sample.StartTimeMs);
        appender.Commit();
        return result;
    }

    /// <summary>Everything in a range as text, one line a series: a form that a failed comparison shows well.</summary>
    public static string[] Dump(this IMetricStore store, long minTimeMs = long.MinValue, long maxTimeMs = long.MaxValue,
        params LabelMatcher[] matchers) => Dump(store, CheckNewest, minTimeMs, maxTimeMs, matchers);

    /// <summary>As <see cref="Dump(IMetricStore, long, long, LabelMatcher[])"/>, of a store that has lost chunks: the newest number of a
    /// series may still be known from elsewhere.</summary>
    public static string[] DumpOfDamaged(this IMetricStore store) => Dump(store, static (_, _, _, _) => { }, long.MinValue, long.MaxValue, []);

    private static string[] Dump(
        IMetricStore store, Action<IStoredSeries, long, long, SampleBuffer> check, long minTimeMs, long maxTimeMs, LabelMatcher[] matchers)
    {
        using var querier = store.Querier(minTimeMs, maxTimeMs);
        var lines = new List<string>();
        var samples = new SampleBuffer();
        foreach (var series in querier.Select(matchers, CancellationToken.None))
        {
            samples.Clear();
            series.Read(minTimeMs, maxTimeMs, samples);
            check(series, minTimeMs, maxTimeMs, samples);
            if (samples.Count > 0)
            {
                lines.Add(Line(series.Labels, Enumerable.Range(0, samples.Count).Select(samples.SampleAt)));
            }
        }
        return [.. lines];
    }

    /// <summary>What is known without reading is what reading finds.</summary>
    private static void CheckNewest(IStoredSeries series, long minTimeMs, long maxTimeMs, SampleBuffer samples)
    {
        if (!series.TryNewest(out var timestampMs, out var value) || timestampMs > maxTimeMs)
        {
            return;
        }
        if (timestampMs < minTimeMs)
        {
            Assert.Equal(0, samples.Count);
            return;
        }
        Assert.Equal(timestampMs, samples.Timestamps[^1]);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(samples.Values[^1]));
        Assert.True(samples.Histograms.IsEmpty || samples.Histograms[^1] is null);
    }

    public static string Line(LabelSet labels, IEnumerable<SeriesSample> samples) =>
        $"{labels} {string.Join(' ', samples.Select(Text))}";

    public static string Line(LabelSet labels, IEnumerable<(long TimestampMs, double Value)> samples) =>
        Line(labels, samples.Select(static sample => new SeriesSample(sample.TimestampMs, sample.Value, null, 0)));

    /// <summary>Everything but the hint of a histogram, which depends on what stands before it.</summary>
    public static string Text(SeriesSample sample)
    {
        var start = sample.StartTimeMs == 0 ? "" : $"@{sample.StartTimeMs}";
        var value = sample.Histogram is { } histogram ? Text(histogram) : $"{BitConverter.DoubleToInt64Bits(sample.Value):x}";
        return $"{sample.TimestampMs}:{value}{start}";
    }

    public static string Text(NativeHistogram histogram) => histogram.IsStale ? "{stale}" :
        $"{{{histogram.Schema},{histogram.HasIntegerCounts},{Bits(histogram.ZeroThreshold, histogram.ZeroCount, histogram.Count)},"
        + $"{Bits(histogram.Sum)},{Text(histogram.PositiveSpans)}={Bits([.. histogram.PositiveBuckets])},"
        + $"{Text(histogram.NegativeSpans)}={Bits([.. histogram.NegativeBuckets])},{Bits([.. histogram.CustomBounds])}}}";

    /// <summary>An exponential histogram of integer counts with one positive span.</summary>
    public static NativeHistogram Histogram(int offset, params double[] buckets) => new()
    {
        ZeroThreshold = 0.001,
        Count = buckets.Sum(),
        Sum = buckets.Sum() * 1.5,
        PositiveSpans = [new BucketSpan(offset, buckets.Length)],
        PositiveBuckets = [.. buckets],
        HasIntegerCounts = true,
    };

    private static string Text(IEnumerable<BucketSpan> spans) =>
        string.Concat(spans.Select(static span => $"[{span.Offset}+{span.Length}]"));

    private static string Bits(params double[] values) =>
        string.Join('/', values.Select(static value => $"{BitConverter.DoubleToInt64Bits(value):x}"));
}
