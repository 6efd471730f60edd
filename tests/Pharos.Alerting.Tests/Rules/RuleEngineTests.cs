using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Rules;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Rules;

public sealed class RuleEngineTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(RuleScript.Zero);
    private readonly MetricStore _store = MetricStore.OpenInMemory();
    private readonly List<Alert> _sent = [];
    private readonly RuleEngine _engine;
    private double _x = 5;

    public RuleEngineTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _engine = new RuleEngine(_store, Query, _sent.AddRange, _time,
            NullLogger.Instance, new Meter("test"));
    }

    [Fact]
    public async Task Groups_run_on_their_grid_and_a_reload_leaves_unchanged_ones_alone()
    {
        await _engine.ApplyAsync([RuleScript.AlertGroup(2)], new RuleEngineOptions(), CancellationToken.None);
        Assert.Equal("unknown", _engine.Groups()[0].Rules[0].Health);
        for (var step = 0; step < 20; step++)
        {
            _x = step < 12 ? 5 : 0;
            _time.Advance(TimeSpan.FromSeconds(30));
            if (step == 6)
            {
                await _engine.ApplyAsync([RuleScript.AlertGroup(2)], new RuleEngineOptions(), CancellationToken.None);
            }
        }
        var group = _engine.Groups()[0];
        var first = RuleGroupLoop.LastOnGridMs(group.Options, RuleScript.Zero.ToUnixTimeMilliseconds()) + 60_000;
        Assert.Equal("ok", group.Rules[0].Health);
        Assert.Equal(0, (group.LastEvaluation!.Value.ToUnixTimeMilliseconds() - first) % 60_000);
        Assert.Equal(first + 120_000, _sent[0].StartsAt.ToUnixTimeMilliseconds());
        Assert.True(_sent[^1].EndsAt <= _time.GetUtcNow());
    }

    [Fact]
    public async Task Stored_samples_fire_through_the_query_engine()
    {
        await using var engine = new RuleEngine(_store, new PromEngine(new PromEngineOptions(), TimeProvider.System), _sent.AddRange,
            _time, NullLogger.Instance, new Meter("test"));
        await engine.ApplyAsync([RuleScript.AlertGroup()], new RuleEngineOptions(), CancellationToken.None);
        foreach (var value in (double[])[1, 5])
        {
            using var appender = _store.Appender();
            var reference = 0UL;
            appender.Append(ref reference, LabelSet.From(("__name__", "x"), ("job", "a")), _time.GetUtcNow().ToUnixTimeMilliseconds(), value);
            appender.Commit();
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        var rule = engine.Groups()[0].Rules[0];
        Assert.Equal(("ok", "", RuleAlertState.Firing), (rule.Health, rule.LastError, rule.State));
        Assert.Equal("""{alertname="High", job="a"}""", Assert.Single(_sent).Labels.ToString());
    }

    [Fact]
    public async Task A_recorded_histogram_is_stored_as_one()
    {
        await using var engine = new RuleEngine(_store, new PromEngine(new PromEngineOptions(), TimeProvider.System), _sent.AddRange,
            _time, NullLogger.Instance, new Meter("test"));
        await engine.ApplyAsync([RuleScript.AlertGroup() with { Rules = [new RecordingRuleOptions { Record = "twice", Expr = "h * 2" }] }],
            new RuleEngineOptions(), CancellationToken.None);
        using (var appender = _store.Appender())
        {
            var reference = 0UL;
            appender.Append(ref reference, LabelSet.From(("__name__", "h")), _time.GetUtcNow().ToUnixTimeMilliseconds(),
                new NativeHistogram { Count = 3, Sum = 5, ZeroCount = 3 });
            appender.Commit();
        }
        _time.Advance(TimeSpan.FromMinutes(1));
        using var querier = _store.Querier(0, long.MaxValue / 2);
        var series = Assert.Single(querier.Select([new LabelMatcher(Storage.Model.MatchType.Equal, "__name__", "twice")], CancellationToken.None));
        var samples = new SampleBuffer();
        series.Read(0, long.MaxValue / 2, samples);
        Assert.Equal((6, 10), (samples.Histograms[^1]!.Count, samples.Histograms[^1]!.Sum));
    }

    [Fact]
    public async Task An_interval_longer_than_a_timer_takes_is_waited_for()
    {
        var group = RuleScript.AlertGroup() with { Interval = TimeSpan.FromDays(60) };
        await Task.Run(() => _engine.ApplyAsync([group], new RuleEngineOptions(), CancellationToken.None),
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(61));
        var dueMs = RuleGroupLoop.LastOnGridMs(group, _time.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Equal(dueMs, _engine.Groups()[0].LastEvaluation!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_removed_group_ends_its_series()
    {
        await _engine.ApplyAsync([RuleScript.AlertGroup()], new RuleEngineOptions(), CancellationToken.None);
        // Two evaluations pass before series are written: those of before a restart must be read first.
        _time.Advance(TimeSpan.FromMinutes(4));
        await _engine.ApplyAsync([], new RuleEngineOptions(), CancellationToken.None);
        Assert.Empty(_engine.Groups());
        using var querier = _store.Querier(0, long.MaxValue / 2);
        var series = Assert.Single(querier.Select([new LabelMatcher(Storage.Model.MatchType.Equal, "__name__", "ALERTS")], CancellationToken.None));
        var samples = new SampleBuffer();
        series.Read(0, long.MaxValue / 2, samples);
        Assert.True(StaleMarker.Is(samples.Values[^1]));
    }

    [Fact]
    public void Groups_of_other_names_have_other_times_inside_the_interval()
    {
        var now = RuleScript.Zero.ToUnixTimeMilliseconds();
        var offsets = Enumerable.Range(0, 50).Select(i => RuleGroupLoop.LastOnGridMs(
            RuleScript.AlertGroup() with { Name = $"g{i}" }, now)).ToHashSet();
        Assert.True(offsets.Count > 40);
        Assert.All(offsets, at => Assert.InRange(now - at, 0, 59_999));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
    }

    private IReadOnlyList<VectorSample> Query(RuleExpression expression, long timeMs, CancellationToken cancellation) =>
        _x > 1 ? [new VectorSample(LabelSet.From(("__name__", "x"), ("job", "a")), timeMs, _x)] : [];
}
