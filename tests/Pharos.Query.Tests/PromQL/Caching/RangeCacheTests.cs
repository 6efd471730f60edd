using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Caching;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Query.Tests.PromQL.Caching;

/// <summary>An answer from the cache is the answer without it, whatever happened to the store in between.</summary>
public sealed class RangeCacheTests
{
    private const long StepMs = 15_000;

    private static readonly string[] Queries =
    [
        "m_total", "rate(m_total[1m])", "sum by (i) (increase(m_total[90s] offset 30s))", "m_total offset -30s",
        "max_over_time(sum(m_total)[2m:20s])", "sum(m_total) or vector(0)", "rate(g[1m])", "-m_total", "absent(m_total{i=\"9\"})",
        "count_over_time({__name__=~\"m.*|g\"}[1m])", "m_total @ start()", "topk(2, m_total) and on (i) g", "time()",
        "abs(m_total or g)", "label_replace(m_total, \"i\", \"x\", \"i\", \".*\")", "m_total{i=\"1\"} * on () group_left g{i=\"1\"}",
    ];

    private static readonly Gen<(int Kind, int Series, int Back, int Query)> Operation =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 3], Gen.Int[1, 40], Gen.Int[0, Queries.Length - 1]);

    [Fact]
    public void Answers_are_those_of_the_engine() => Operation.Array[1, 120].Sample(operations =>
    {
        using var run = new Run(64 << 20);
        foreach (var (kind, series, back, query) in operations)
        {
            run.Do(kind, series, back, query);
        }
        run.CompareAll();
    }, iter: 40, threads: 2);

    [Fact]
    public void A_range_that_goes_on_is_computed_only_where_it_is_new()
    {
        using var run = new Run(64 << 20);
        for (var i = 0; i < 40; i++)
        {
            run.Append(0, StepMs);
        }
        run.Ask(Queries[1], 0, run.NowMs);
        run.Append(0, StepMs);
        run.Append(0, StepMs);
        run.Ask(Queries[1], StepMs, run.NowMs);
        Assert.Equal((1, 1, 41), (run.Hits, run.Misses, run.ReusedSteps));
        run.Ask(Queries[1], 10 * StepMs, 20 * StepMs);
        Assert.Equal((2, 1, 41 + 11), (run.Hits, run.Misses, run.ReusedSteps));

        // What the store says of a removal, of a deletion.
        run.Delete(0, 12 * StepMs, 13 * StepMs);
        run.Ask(Queries[1], 10 * StepMs, 20 * StepMs);
        Assert.Equal((3, 1), (run.Hits, run.Misses));
        Assert.Equal(41 + 11 + 2, run.ReusedSteps);
    }

    [Fact]
    public void What_retention_hides_as_time_goes_is_not_taken_over()
    {
        using var run = new Run(64 << 20);
        run.KeepSteps(series: 0, steps: 10);
        for (var i = 0; i < 20; i++)
        {
            run.Append(0, StepMs);
        }
        var startMs = run.NowMs - (6 * StepMs);
        run.Ask(Queries[1], startMs, run.NowMs);
        for (var i = 0; i < 3; i++)
        {
            run.Append(0, StepMs);
            run.Ask(Queries[1], startMs, run.NowMs);
        }
        Assert.InRange(run.Misses, 2, 4);
    }

    [Fact]
    public void What_is_not_asked_for_longest_leaves_and_what_is_too_large_is_not_kept()
    {
        using var run = new Run(2_000);
        for (var i = 0; i < 4; i++)
        {
            run.Append(0, StepMs);
        }
        foreach (var query in (string[])["m_total", "m_total + 0", "m_total + 1", "m_total + 2", "m_total + 3", "m_total"])
        {
            run.Ask(query, 0, StepMs * 2);
            Assert.InRange(run.Cache.SizeBytes, 1, 2_000);
        }
        Assert.Equal((0, 6), (run.Hits, run.Misses));
        run.Ask("m_total", 0, StepMs * 2);
        Assert.Equal(1, run.Hits);
        using var small = new Run(1_000);
        small.Append(0, StepMs);
        small.Ask("m_total", 0, StepMs);
        Assert.Equal(0, small.Cache.SizeBytes);
    }

    [Fact]
    public void Many_changes_are_remembered_as_fewer_that_reach_further_back()
    {
        var changes = new StoreChanges();
        var versions = new List<(long Version, int Next)>();
        for (var i = 0; i < 5_000; i++)
        {
            versions.Add((changes.Version, i));
            changes.Record(i * 10);
        }
        foreach (var (version, next) in versions)
        {
            Assert.InRange(changes.UnchangedSince(version).UntilMs, long.MinValue, next * 10);
        }
        Assert.InRange(changes.UnchangedSince(versions[4_900].Version).UntilMs, 48_000, 49_000);
        Assert.Equal(long.MaxValue, changes.UnchangedSince(changes.Version).UntilMs);
        changes.Record(100);
        Assert.Equal(100, changes.UnchangedSince(versions[4_900].Version).UntilMs);
        Assert.Equal(long.MinValue, changes.UnchangedSince(changes.Version).FromMs);
        var before = changes.Version;
        changes.RecordRemoval(70);
        Assert.Equal((70, long.MaxValue), changes.UnchangedSince(before));
    }

    private sealed class Run : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("pharos-cache-").FullName;
        private readonly Meter _meter = new("test");
        private readonly MeterListener _listener = new();
        private readonly MetricStoreOptions _options;
        private readonly MetricStore _store;
        private readonly PromEngine _engine = new(new PromEngineOptions { MaxParallelism = 1, Lookback = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        private readonly HashSet<(int, long)> _used = [];

        public Run(long maxBytes)
        {
            _options = new MetricStoreOptions
            {
                Directory = _folder,
                RetentionTime = TimeSpan.Zero,
                OutOfOrderWindow = TimeSpan.FromMinutes(20),
                BlockDuration = TimeSpan.FromMinutes(5),
                Fsync = FsyncPolicy.None,
            };
            _store = MetricStore.OpenWithoutUpkeep(_options, TimeProvider.System, NullLogger.Instance, _meter);
            Cache = new RangeCache(_engine, maxBytes, _meter);
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, _meter) && instrument.Name.StartsWith("pharos_query_cache", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            {
                Hits += instrument.Name == "pharos_query_cache_hits_total" ? value : 0;
                Misses += instrument.Name == "pharos_query_cache_misses_total" ? value : 0;
                ReusedSteps += instrument.Name == "pharos_query_cache_reused_steps_total" ? value : 0;
            });
            _listener.Start();
        }

        public RangeCache Cache { get; }

        public long NowMs { get; private set; } = StepMs;

        public long Hits { get; private set; }

        public long Misses { get; private set; }

        public long ReusedSteps { get; private set; }

        public void Do(int kind, int series, int back, int query)
        {
            switch (kind)
            {
                case < 4:
                    Delete(series, NowMs - (back * StepMs), NowMs - (back / 2 * StepMs));
                    break;
                case < 8:
                    _store.RunMaintenance();
                    break;
                case < 10:
                    Backfill(series, NowMs - (back * 2 * StepMs));
                    break;
                case < 13:
                    KeepSteps(series, back % 3 == 0 ? 0 : back);
                    break;
                case < 16:
                    AppendAt(series, NowMs - (back * StepMs));
                    break;
                case < 60:
                    Append(series, back % 4 == 0 ? StepMs * 2 : StepMs);
                    break;
                default:
                    var endMs = NowMs + ((back % 5) - 2) * StepMs;
                    Ask(Queries[query], endMs - (back * StepMs), endMs);
                    break;
            }
        }

        public void KeepSteps(int series, int steps)
        {
            var rule = new RetentionRule(
                [new LabelMatcher(Storage.Model.MatchType.Equal, "i", $"{series}")], TimeSpan.FromMilliseconds(steps * StepMs));
            _store.Reconfigure(_options with { RetentionRules = steps == 0 ? [] : [rule] });
        }

        public void Append(int series, long aheadMs)
        {
            NowMs += aheadMs;
            AppendAt(series, NowMs);
        }

        public void CompareAll()
        {
            foreach (var query in Queries)
            {
                Ask(query, NowMs - (30 * StepMs), NowMs);
            }
        }

        /// <summary>Asks both and compares every bit.</summary>
        public void Ask(string query, long startMs, long endMs) => Assert.Equal(
            Answer(() => _engine.Range(_store, query, startMs, endMs, StepMs, null, CancellationToken.None)),
            Answer(() => Cache.Range(_store, query, startMs, endMs, StepMs, null, CancellationToken.None)));

        public void Delete(int series, long fromMs, long toMs) =>
            _store.Delete([new LabelMatcher(Storage.Model.MatchType.Equal, "i", $"{series}")], fromMs, toMs, CancellationToken.None);

        public void Dispose()
        {
            _listener.Dispose();
            _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _meter.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private static string Answer(Func<QueryResult> ask)
        {
            try
            {
                var result = ask();
                return string.Join('\n', ((MatrixValue)result.Value).Series.Select(static series => $"{series.Labels} "
                    + string.Join(' ', series.TimestampsMs.Zip(series.Values, static (time, value) => $"{time}:{BitConverter.DoubleToInt64Bits(value):x}"))))
                    + string.Join('\n', result.Warnings.Concat(result.Infos));
            }
            catch (QueryException e)
            {
                return e.Message;
            }
        }

        private void AppendAt(int series, long timeMs)
        {
            if (!_used.Add((series, timeMs)))
            {
                return;
            }
            using var appender = _store.Appender();
            foreach (var name in new[] { "m_total", "g" })
            {
                ulong reference = 0;
                appender.Append(ref reference, LabelSet.From(("__name__", name), ("i", $"{series}")), timeMs, (timeMs / StepMs % 37) + series);
            }
            appender.Commit();
        }

        private void Backfill(int series, long fromMs)
        {
            using var writer = BackfillBlockWriter.Open(_store);
            var samples = new SampleBuffer();
            for (var timeMs = fromMs; timeMs < fromMs + (10 * StepMs); timeMs += StepMs)
            {
                if (_used.Add((series, timeMs)))
                {
                    samples.Add(timeMs, series * 3);
                }
            }
            writer.Add(LabelSet.From(("__name__", "m_total"), ("i", $"{series}")), samples);
            writer.Finish();
        }
    }
}
