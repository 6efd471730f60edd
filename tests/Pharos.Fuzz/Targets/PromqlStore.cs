using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets;

/// <summary>An hour of a few series of every kind: what fuzzed queries are evaluated on.</summary>
internal static class PromqlStore
{
    public const long StartMs = 1_700_000_000_000;
    public const long EndMs = StartMs + (240 * IntervalMs);

    private const int IntervalMs = 15_000;

    public static MetricStore Create()
    {
        var store = MetricStore.OpenInMemory();
        var random = new Random(11);
        using var appender = store.Appender();
        foreach (var instance in new[] { "a", "b" })
        {
            var total = 0.0;
            Numbers(appender, LabelSet.From(("__name__", "m1"), ("instance", instance), ("job", "x")), tick => total = tick == 100 ? 0 : total + random.Next(9));
            Numbers(appender, LabelSet.From(("__name__", "m2"), ("instance", instance)), tick => tick is > 40 and < 80 ? null : random.Next(100) / 4.0);
            foreach (var bound in new[] { "0.5", "1", "+Inf" })
            {
                Numbers(appender, LabelSet.From(("__name__", "h_bucket"), ("instance", instance), ("le", bound)),
                    tick => tick * (bound == "0.5" ? 1 : bound == "1" ? 2 : 3));
            }
            Histograms(appender, LabelSet.From(("__name__", "n1"), ("instance", instance)), custom: false);
            Histograms(appender, LabelSet.From(("__name__", "n2"), ("instance", instance)), custom: true);
        }
        Numbers(appender, LabelSet.From(("__name__", "m3")), tick => tick % 7 == 0 ? StaleMarker.Value : tick % 5 == 0 ? double.NaN : double.PositiveInfinity);
        Numbers(appender, LabelSet.From(("__name__", "target_info"), ("instance", "a"), ("job", "x"), ("version", "1")), static _ => 1);
        Numbers(appender, LabelSet.From(("__name__", "u.t.f"), ("l.l", "\u00fc")), tick => tick);
        appender.Commit();
        return store;
    }

    private static void Numbers(IMetricAppender appender, LabelSet labels, Func<int, double?> value)
    {
        ulong reference = 0;
        for (var tick = 0; tick < 240; tick++)
        {
            if (value(tick) is { } number)
            {
                appender.Append(ref reference, labels, StartMs + ((long)tick * IntervalMs), number);
            }
        }
    }

    private static void Histograms(IMetricAppender appender, LabelSet labels, bool custom)
    {
        ulong reference = 0;
        for (var tick = 0; tick < 240; tick++)
        {
            var step = tick % 90;
            appender.Append(ref reference, labels, StartMs + ((long)tick * IntervalMs), new NativeHistogram
            {
                Schema = custom ? NativeHistogram.CustomBucketsSchema : tick < 120 ? 2 : 1,
                Count = 6 + (6 * step),
                Sum = 9 * step,
                ZeroThreshold = custom ? 0 : 0.001,
                PositiveSpans = [new BucketSpan(0, 2)],
                PositiveBuckets = [4 + (4 * step), 2 + (2 * step)],
                CustomBounds = custom ? [1, 2] : [],
                HasIntegerCounts = true,
            });
        }
    }
}
