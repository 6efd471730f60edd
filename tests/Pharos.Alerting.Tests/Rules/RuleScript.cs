using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Rules;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Rules;

/// <summary>One rule group whose expression's result the test sets: evaluated minute by minute, or at any second.</summary>
internal sealed class RuleScript
{
    public static readonly DateTimeOffset Zero = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly MetricStore _store;

    public RuleScript(RuleGroupOptions options, bool restored = true, MetricStore? store = null, RuleEngineOptions? engine = null)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _store = store ?? MetricStore.OpenInMemory();
        Store = _store;
        Engine = new RuleEngine(_store, (_, timeMs, _) => Query(timeMs), Sent.AddRange,
            new FakeTimeProvider(Zero), NullLogger.Instance, new Meter("test"));
        Group = new RuleGroupRuntime(options, engine ?? new RuleEngineOptions(), _store, (_, timeMs, _) => Query(timeMs),
            Sent.AddRange, new FakeTimeProvider(Zero), NullLogger.Instance, new RuleMetrics(new Meter("test"), static () => []), restored);
    }

    public RuleEngine Engine { get; }

    public RuleGroupRuntime Group { get; }

    public MetricStore Store { get; }

    public List<Alert> Sent { get; } = [];

    /// <summary>What the expression answers: label sets as text, with the value after a blank.</summary>
    public Dictionary<LabelSet, double> Result { get; } = [];

    public Exception? Failure { get; set; }

    public RuleSnapshot Rule => Group.Snapshot.Rules[0];

    public static RuleGroupOptions AlertGroup(double forMinutes = 0, double keepMinutes = 0, int limit = 0, params Label[] labels) => new()
    {
        File = "rules.yml",
        Name = "g",
        Interval = TimeSpan.FromMinutes(1),
        Limit = limit,
        Rules =
        [
            new AlertingRuleOptions
            {
                Alert = "High",
                Expr = "x > 1",
                For = TimeSpan.FromMinutes(forMinutes),
                KeepFiringFor = TimeSpan.FromMinutes(keepMinutes),
                Labels = labels,
            },
        ],
    };

    public void Eval(double minute) => Group.Evaluate(Zero.AddMinutes(minute), CancellationToken.None);

    /// <summary>All stored samples whose metric has this name: <c>{labels} minute=value ...</c>, stale ones as <c>stale</c>.</summary>
    public string[] Stored(string metric)
    {
        using var querier = _store.Querier(long.MinValue / 2, long.MaxValue / 2);
        var lines = new List<string>();
        foreach (var series in querier.Select([new LabelMatcher(Storage.Model.MatchType.Equal, "__name__", metric)], CancellationToken.None))
        {
            var buffer = new SampleBuffer();
            series.Read(long.MinValue / 2, long.MaxValue / 2, buffer);
            var samples = Enumerable.Range(0, buffer.Count).Select(i =>
                $"{(buffer.Timestamps[i] - Zero.ToUnixTimeMilliseconds()) / 60_000.0}="
                + (StaleMarker.Is(buffer.Values[i]) ? "stale" : $"{buffer.Values[i]}"));
            lines.Add($"{series.Labels} {string.Join(' ', samples)}");
        }
        return [.. lines];
    }

    private IReadOnlyList<VectorSample> Query(long timeMs) => Failure is not null ? throw Failure
        : [.. Result.Select(pair => new VectorSample(pair.Key, timeMs, pair.Value))];
}
