using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Query.PromQL;
using Pharos.Storage.Metrics;

namespace Pharos.Alerting.Rules;

/// <summary>Evaluates rule groups at times that the caller names: for rule tests.</summary>
/// <remarks>Not thread-safe. Alerts go nowhere; they are in <see cref="Groups"/>.</remarks>
public sealed class RuleSimulation : IDisposable
{
    private readonly Meter _meter = new("pharos.rules.simulation");
    private readonly List<RuleGroupRuntime> _groups = [];

    /// <param name="groups">In the order in which they are evaluated.</param>
    /// <exception cref="Pharos.Query.PromQL.Syntax.PromParseException">An expression does not parse.</exception>
    public RuleSimulation(IEnumerable<RuleGroupOptions> groups, RuleEngineOptions options, IMetricStore store, PromEngine engine,
        TimeProvider time)
    {
        var metrics = new RuleMetrics(_meter, () => Groups);
        foreach (var group in groups)
        {
            _groups.Add(new RuleGroupRuntime(group, options, store,
                (expr, timeMs, cancellation) => RuleEngine.ToVector(engine.Instant(store, expr.Metrics!, timeMs, null, cancellation).Value),
                static _ => { }, time, NullLogger.Instance, metrics, restored: true));
        }
    }

    /// <summary>As the last evaluation left them.</summary>
    public IReadOnlyList<RuleGroupSnapshot> Groups => [.. _groups.Select(static group => group.Snapshot)];

    public void Evaluate(DateTimeOffset at, CancellationToken cancellation)
    {
        foreach (var group in _groups)
        {
            group.Evaluate(at, cancellation);
        }
    }

    public void Dispose() => _meter.Dispose();
}
