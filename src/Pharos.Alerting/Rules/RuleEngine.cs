using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>Evaluates all rule groups, each on its own times.</summary>
/// <remarks>Thread-safe. Nothing runs before the first <see cref="ApplyAsync"/>.</remarks>
public sealed class RuleEngine : IAsyncDisposable
{
    /// <summary>Groups that evaluate at the same moment; the others wait their turn.</summary>
    public const int MaxConcurrentGroups = 8;

    /// <summary>Rules are shed as whole groups, not by what one of their queries costs.</summary>
    private static readonly QueryParameters Exempt = new() { IsExempt = true };

    private readonly SemaphoreSlim _applying = new(1);
    private readonly SemaphoreSlim _slots = new(MaxConcurrentGroups);
    private readonly IMetricStore _store;
    private readonly Func<RuleGroupOptions, RuleQuery> _queryOf;
    private readonly Action<IReadOnlyList<Alert>> _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RuleMetrics _metrics;
    private volatile IReadOnlyList<RuleGroupLoop> _loops = [];
    private bool _isRunning;
    private RuleEngineOptions? _options;

    /// <param name="sink">Takes the alerts that are due, on the evaluation's thread; usually <c>AlertingPipeline.Post</c>.</param>
    public RuleEngine(IMetricStore store, PromEngine engine, Action<IReadOnlyList<Alert>> sink, TimeProvider time,
        ILogger logger, Meter meter)
        : this(store, static (_, _, _) => [], sink, time, logger, meter) =>
        _queryOf = group => group.LogTenant is { } tenant
            ? (expr, timeMs, cancellation) => LogQuery(tenant, expr.Text, timeMs, cancellation)
            : (expr, timeMs, cancellation) => Ask(engine, group, expr.Metrics!, timeMs, cancellation);

    internal RuleEngine(IMetricStore store, RuleQuery query, Action<IReadOnlyList<Alert>> sink, TimeProvider time,
        ILogger logger, Meter meter)
    {
        _store = store;
        _queryOf = _ => query;
        _sink = sink;
        _time = time;
        _logger = logger;
        _metrics = new RuleMetrics(meter, Groups);
    }

    /// <summary>Takes every query that a rule asked, on the evaluation's thread.</summary>
    public Action<RuleQueryResult>? QueryEnded { private get; init; }

    /// <summary>Answers rules on logs.</summary>
    public LogRuleQuery LogQuery { private get; init; } = static (_, _, _, _) =>
        throw new QueryException(QueryErrorKind.Execution, "there are no logs here");

    /// <summary>Asked before each evaluation of a group, which is left out where the answer is no.</summary>
    public Func<bool> MayEvaluate { private get; init; } = static () => true;

    /// <summary>In the order of the files.</summary>
    public IReadOnlyList<RuleGroupSnapshot> Groups() => [.. _loops.Select(loop => loop.Group.Snapshot)];

    /// <summary>Puts groups into effect: an unchanged one goes on undisturbed, a changed one keeps the state of the rules
    /// whose name and labels are the same, a removed one ends its series.</summary>
    /// <exception cref="Pharos.Query.PromQL.Syntax.PromParseException">An expression does not parse; nothing was changed.</exception>
    public async Task ApplyAsync(IReadOnlyList<RuleGroupOptions> groups, RuleEngineOptions options, CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation);
        try
        {
            var older = _loops.ToDictionary(loop => loop.Group.Key, StringComparer.Ordinal);
            var next = new List<RuleGroupLoop>(groups.Count);
            var fresh = new List<RuleGroupLoop>();
            foreach (var group in groups)
            {
                var key = RuleGroupRuntime.KeyOf(group);
                if (options == _options && older.TryGetValue(key, out var known)
                    && RuleGroupSignature.Of(known.Group.Options) == RuleGroupSignature.Of(group))
                {
                    older.Remove(key);
                    next.Add(known);
                    continue;
                }
                var runtime = new RuleGroupRuntime(group, options, _store, _queryOf(group), _sink, _time, _logger, _metrics, _isRunning);
                var loop = new RuleGroupLoop(runtime, _time, _logger, _metrics, _slots, MayEvaluate);
                next.Add(loop);
                fresh.Add(loop);
            }
            await ReplaceAsync(older, fresh);
            _loops = next;
            _options = options;
            _isRunning = true;
        }
        finally
        {
            _applying.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_loops.Select(loop => loop.DisposeAsync().AsTask()));
        _loops = [];
        _applying.Dispose();
        _slots.Dispose();
    }

    private async Task ReplaceAsync(Dictionary<string, RuleGroupLoop> older, List<RuleGroupLoop> fresh)
    {
        foreach (var loop in older.Values)
        {
            await loop.DisposeAsync();
        }
        foreach (var loop in fresh)
        {
            if (older.Remove(loop.Group.Key, out var known))
            {
                loop.Group.CopyState(known.Group);
            }
            loop.Start();
        }
        foreach (var gone in older.Values)
        {
            gone.Group.MarkStale(_time.GetUtcNow());
        }
    }

    private IReadOnlyList<VectorSample> Ask(
        PromEngine engine, RuleGroupOptions group, Expr expr, long timeMs, CancellationToken cancellation)
    {
        try
        {
            var result = engine.Instant(_store, expr, timeMs, Exempt, cancellation);
            QueryEnded?.Invoke(new RuleQueryResult(group, expr, timeMs, result.Statistics, null));
            return ToVector(result.Value);
        }
        catch (QueryException e)
        {
            QueryEnded?.Invoke(new RuleQueryResult(group, expr, timeMs, null, e.Message));
            throw;
        }
    }

    internal static IReadOnlyList<VectorSample> ToVector(QueryValue value) => value switch
    {
        VectorValue vector => vector.Samples,
        ScalarValue scalar => [new VectorSample(LabelSet.Empty, scalar.TimestampMs, scalar.Value)],
        _ => throw new QueryException(QueryErrorKind.Execution, "rule result is not a vector or scalar"),
    };
}
