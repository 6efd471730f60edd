using Microsoft.AspNetCore.Http;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Query.Results;
using Pharos.Server.Api.Loki;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Governing;
using Pharos.Storage.Logs;

namespace Pharos.Server.Logs;

/// <summary>Answers LogQL within the limits of whoever asks.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogQueries(ILogStore store, LokiTenants tenants, Governor governor, int maxConcurrency, TimeProvider time) : IDisposable
{
    /// <summary>How many queries run at once; the others wait for their turn within their own timeout.</summary>
    private readonly SemaphoreSlim _turns = new(maxConcurrency);

    /// <param name="cutsSeries">More series than the limit are cut with a warning, not refused.</param>
    /// <exception cref="LokiRefusal">A limit forbids it.</exception>
    /// <exception cref="LogQueryException">It has no answer.</exception>
    public Task<LogQueryResult> RangeAsync(
        IReadOnlyList<string> names, LogExpr expr, LogRangeRequest request, bool cutsSeries, CancellationToken cancellation)
    {
        var limits = tenants.LimitsOf(names[0]);
        QueryLimits.Check(expr, limits);
        var earliestNs = QueryLimits.EarliestNs(limits, time);
        if (request.EndNs <= earliestNs)
        {
            return Task.FromResult<LogQueryResult>(expr is MetricExpr ? new LogMatrixResult([]) : new LogStreamsResult([]));
        }
        var bounded = request with { StartNs = Math.Max(request.StartNs, earliestNs) };
        return RunAsync(limits, cutsSeries, engine =>
        {
            QuerySize.Check(StoreOf(names), TenantOf(names), expr, bounded.StartNs, bounded.EndNs, limits.MaxQueryBytes);
            return engine.QueryRangeAsync(StoreOf(names), TenantOf(names), expr, bounded, cancellation);
        }, cancellation);
    }

    /// <summary>As <see cref="RangeAsync"/>, of one moment.</summary>
    public Task<LogQueryResult> InstantAsync(
        IReadOnlyList<string> names, LogExpr expr, long timeNs, bool cutsSeries, CancellationToken cancellation)
    {
        var limits = tenants.LimitsOf(names[0]);
        QueryLimits.Check(expr, limits);
        return RunAsync(limits, cutsSeries, engine =>
        {
            QuerySize.Check(StoreOf(names), TenantOf(names), expr, timeNs, timeNs, limits.MaxQueryBytes);
            return engine.QueryInstantAsync(StoreOf(names), TenantOf(names), expr, timeNs, cancellation);
        }, cancellation);
    }

    /// <summary>For rules: no turn to wait for, no limit but those of the engine.</summary>
    public IReadOnlyList<VectorSample> ForRule(string tenant, string query, long timeMs, CancellationToken cancellation)
    {
        try
        {
            var engine = new LogEngine(Options(tenants.LimitsOf(tenant), cutsSeries: false), time);
            var result = engine.QueryInstantAsync(store, tenant, LogParser.Parse(query), timeMs * 1_000_000, cancellation).GetAwaiter().GetResult();
            return result switch
            {
                LogVectorResult vector => vector.Samples,
                LogScalarResult scalar => [new VectorSample(Storage.Model.LabelSet.Empty, scalar.TimestampMs, scalar.Value)],
                _ => throw new QueryException(QueryErrorKind.Execution, "rule result is not a vector or scalar"),
            };
        }
        catch (Exception e) when (e is LogQueryException or LogParseException)
        {
            throw new QueryException(QueryErrorKind.Execution, e.Message, e);
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<LogQueryResult> RunAsync(
        LokiLimits limits, bool cutsSeries, Func<LogEngine, Task<LogQueryResult>> ask, CancellationToken cancellation)
    {
        // What a query of logs will read is not known before: under pressure it counts as much.
        if (governor.Decision.Level >= ShedLevel.RuleEvaluations && governor.RefusalOf("log query", long.MaxValue) is { } refusal)
        {
            throw new LokiRefusal(StatusCodes.Status503ServiceUnavailable, refusal);
        }
        if (!await _turns.WaitAsync(limits.QueryTimeout > TimeSpan.Zero ? limits.QueryTimeout : Timeout.InfiniteTimeSpan, cancellation))
        {
            throw new LokiRefusal(StatusCodes.Status429TooManyRequests, "too many outstanding requests");
        }
        try
        {
            return await ask(new LogEngine(Options(limits, cutsSeries), time));
        }
        finally
        {
            _turns.Release();
        }
    }

    private static LogEngineOptions Options(LokiLimits limits, bool cutsSeries) => new()
    {
        MaxSeries = limits.MaxQuerySeries,
        MaxEntries = limits.MaxEntriesPerQuery,
        MaxQueryLength = limits.MaxQueryLength,
        MaxRange = limits.MaxQueryRange,
        Timeout = limits.QueryTimeout > TimeSpan.Zero ? limits.QueryTimeout : TimeSpan.FromDays(1),
        CutsSeries = cutsSeries,
    };

    private static string TenantOf(IReadOnlyList<string> names) => string.Join('|', names);

    private ILogStore StoreOf(IReadOnlyList<string> names) => names.Count == 1 ? store : new TenantUnion(store, names);
}
