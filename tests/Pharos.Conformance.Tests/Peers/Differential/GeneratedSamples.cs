using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>Two hours of series of every kind that PromQL treats differently: counters with resets and gaps, gauges, classic
/// histograms, values that are not finite, series that end with a staleness marker and come back, labels of many forms.</summary>
/// <remarks>The same in every run. No sample stands on a full second (see <see cref="VersionDifference.ClosedRanges"/>), and
/// gauges are multiples of 1/8, so that sums are exact and a difference of zero is zero in every order of addition.</remarks>
internal sealed class GeneratedSamples
{
    public const long StartMs = 1_700_000_000_000;
    public const int IntervalMs = 15_000;
    public const int Ticks = 480;

    private const int TicksPerPush = 40;
    private const int NativeShiftMs = 301;

    private readonly Random _random = new(7);
    private readonly List<(LabelSet Labels, int ShiftMs, double?[] Values)> _series = [];
    private readonly List<(LabelSet Labels, NativeHistogram[] Values)> _natives = [];

    public GeneratedSamples()
    {
        Counters();
        Gauges();
        Histograms();
        Special();
        Irregular();
        Natives();
    }

    public static long EndMs => StartMs + ((long)Ticks * IntervalMs);

    /// <summary>The bodies to push, in the order of time.</summary>
    public IEnumerable<byte[]> Pushes()
    {
        for (var from = 0; from < Ticks; from += TicksPerPush)
        {
            yield return RemoteWriteBody.Create(_series.Select(one => (one.Labels, Slice(one.Values, one.ShiftMs, from))));
            foreach (var (labels, values) in _natives)
            {
                yield return RemoteWriteBody.Create(labels, Slice(values, from));
            }
        }
    }

    private static IReadOnlyList<(long, double)> Slice(double?[] values, int shiftMs, int from) =>
        [.. Enumerable.Range(from, TicksPerPush).Where(tick => values[tick] is not null)
            .Select(tick => (StartMs + ((long)tick * IntervalMs) + shiftMs, values[tick]!.Value))];

    private static IReadOnlyList<(long, NativeHistogram)> Slice(NativeHistogram[] values, int from) =>
        [.. Enumerable.Range(from, TicksPerPush).Select(tick => (StartMs + ((long)tick * IntervalMs) + NativeShiftMs, values[tick]))];

    private void Counters()
    {
        foreach (var instance in new[] { "a", "b", "c" })
        {
            foreach (var code in new[] { "200", "404", "500" })
            {
                Counter("requests_total", $"job=api,instance={instance},code={code}", code == "200" ? 60 : 5, resetAt: instance == "b" ? 200 : -1);
            }
            Counter("errors_total", $"job=api,instance={instance}", 3, resetAt: instance == "c" ? 100 : -1);
            Counter("gappy_total", $"job=batch,instance={instance}", 40, gapFrom: 90 * (instance[0] - 'a' + 1));
        }
        Counter("requests_total", "job=web,instance=a,code=200", 30);
        Counter("slow_total", "job=batch", 7, every: 5);
    }

    private void Gauges()
    {
        foreach (var instance in new[] { "a", "b", "c" })
        {
            var level = 0.0;
            Gauge("load", $"job=api,instance={instance}", _ => level += (_random.Next(17) - 8) / 8.0);
            Gauge("memory_bytes", $"job=api,instance={instance},region={(instance == "a" ? "eu" : "us")}", _ => 1e6 + (_random.Next(1 << 24) / 8.0));
            Gauge("limit", $"instance={instance}", _ => 100 * (instance[0] - 'a' + 1));
            Gauge("build_info", $"job=api,instance={instance},version=1.{instance[0] - 'a'}", _ => 1);
            Gauge("up", $"job=api,instance={instance}", tick => tick is > 100 and < 140 && instance == "b" ? 0 : 1);
        }
        Gauge("memory_bytes", "job=web,instance=a", _ => _random.Next(1 << 20) / 8.0);
        Gauge("odd_labels", "text=a \"quoted\" \\ word,job=odd", _ => _random.Next(100));
        Gauge("odd_labels", "text=größer ✓,job=odd", _ => _random.Next(100));
        Gauge("odd_labels", "job=odd", _ => _random.Next(100));
        Gauge("bare", "", tick => tick / 8.0);
    }

    private void Histograms()
    {
        string[] bounds = ["0.1", "0.5", "1", "2.5", "10", "+Inf"];
        foreach (var instance in new[] { "a", "b" })
        {
            var counts = new double[Ticks, bounds.Length];
            for (var tick = 0; tick < Ticks; tick++)
            {
                for (var observation = _random.Next(30); observation >= 0; observation--)
                {
                    for (var i = _random.Next(tick < 240 ? 4 : bounds.Length); i < bounds.Length; i++)
                    {
                        counts[tick, i]++;
                    }
                }
            }
            for (var i = 0; i < bounds.Length; i++)
            {
                var (bucket, total) = (i, 1e5 * (i + 1));
                Gauge("latency_seconds_bucket", $"job=api,instance={instance},le={bounds[i]}", tick => total += counts[tick, bucket]);
            }
            var (count, sum) = (6e5, 3e5);
            Gauge("latency_seconds_count", $"job=api,instance={instance}", tick => count += counts[tick, bounds.Length - 1]);
            Gauge("latency_seconds_sum", $"job=api,instance={instance}", tick => sum += counts[tick, 2] / 4);
        }
        Gauge("broken_bucket", "le=1", tick => tick);
        Gauge("broken_bucket", "le=few", tick => tick);
        Gauge("broken_bucket", "le=+Inf", tick => tick / 2);
    }

    /// <summary>Native histograms that only grow, but for one reset; their resolution changes midway.</summary>
    private void Natives()
    {
        foreach (var instance in new[] { "a", "b", "c" })
        {
            var (low, high, zero) = (40_000.0, 60_000.0, 1_000.0);
            var values = new NativeHistogram[Ticks];
            for (var tick = 0; tick < Ticks; tick++)
            {
                if (tick == 200 && instance == "b")
                {
                    // Not to zero: from there 2.42 extrapolates histograms without a limit.
                    (low, high, zero) = (20_000, 30_000, 500);
                }
                (low, high, zero) = (low + _random.Next(20), high + _random.Next(30), zero + _random.Next(2));
                values[tick] = new NativeHistogram
                {
                    Schema = tick < 300 ? 2 : 1, ZeroThreshold = 0.001, ZeroCount = zero, Count = low + high + zero, Sum = (low / 4) + (high * 2),
                    PositiveSpans = [new BucketSpan(-3, 1), new BucketSpan(4, 1)], PositiveBuckets = [low, high], HasIntegerCounts = true,
                };
            }
            _natives.Add((LabelSet.From(("__name__", "native_seconds"), ("job", "api"), ("instance", instance)), values));
        }
    }

    private void Special()
    {
        foreach (var (kind, value) in new (string, double)[]
        {
            ("nan", StaleMarker.NormalNaN), ("inf", double.PositiveInfinity), ("neginf", double.NegativeInfinity), ("zero", 0),
            ("negzero", -0.0), ("huge", 1e300), ("tiny", 1e-300), ("negative", -12.5),
        })
        {
            Gauge("special", $"kind={kind}", _ => value);
        }
        double[] mixed = [1, StaleMarker.NormalNaN, double.PositiveInfinity, -3, 0, double.NegativeInfinity, 7.5];
        Gauge("special", "kind=mixed", tick => mixed[tick % mixed.Length]);
        Gauge("timestamps", "job=api", tick => (StartMs / 1000) + (tick * 100_000.0));
    }

    private void Irregular()
    {
        foreach (var instance in new[] { "a", "b" })
        {
            // Ends with a marker, comes back, then ends without one.
            Gauge("flapping", $"instance={instance}", tick => (tick / 30 % 3) switch
            {
                0 => _random.Next(50),
                1 => tick % 30 == 0 ? StaleMarker.Value : null,
                _ => instance == "a" ? _random.Next(50) : null,
            });
        }
        Gauge("sparse", "job=batch", tick => tick % 19 == 0 ? tick : null);
        Gauge("late", "job=batch", tick => tick > 300 ? tick / 4.0 : null);
    }

    private void Gauge(string name, string labels, Func<int, double?> value) => Add(name, labels, value);

    /// <summary>Begins high: near zero Prometheus 2 extrapolates by another rule where samples are missing.</summary>
    private void Counter(string name, string labels, int perTick, int resetAt = -1, int gapFrom = -1, int every = 1)
    {
        var total = 1e5;
        Add(name, labels, tick =>
        {
            total = tick == resetAt ? 0 : total + (tick is > 380 and < 400 ? 0 : _random.Next((2 * perTick) + 1));
            return tick % every != 0 || (gapFrom >= 0 && tick >= gapFrom && tick < gapFrom + 45) ? null : total;
        });
    }

    private void Add(string name, string labels, Func<int, double?> value) => _series.Add((
        LabelSet.From(labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0], pair[1])).Append(KeyValuePair.Create(Label.MetricName, name))),
        1 + (_series.Count * 37 % 900), [.. Enumerable.Range(0, Ticks).Select(value)]));
}
