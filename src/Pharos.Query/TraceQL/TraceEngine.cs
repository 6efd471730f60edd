using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Metrics;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL;

/// <summary>Answers TraceQL from a trace store.</summary>
/// <remarks>Thread-safe, without state of its own: one serves everybody with the same limits.</remarks>
public sealed class TraceEngine(TraceEngineOptions options, TimeProvider time)
{
    /// <exception cref="TraceQueryException">The query asks for numbers, or takes too long.</exception>
    public Task<TraceSearchResult> SearchAsync(ITraceStore store, TraceQuery query, TraceSearchRequest request, CancellationToken cancellation) =>
        query.Expr is TracePipeline pipeline ? RunAsync(token => new SearchRun(store, pipeline, request).Run(token), cancellation)
            : throw new TraceQueryException(TraceQueryErrorKind.Invalid, "metrics queries can't be used to search: use query_range");

    /// <exception cref="TraceQueryException">It takes too long.</exception>
    public Task<TraceSearchResult> SearchAsync(ITraceStore store, TraceTagSearch search, TraceSearchRequest request, CancellationToken cancellation) =>
        RunAsync(token => new TagSearchRun(store, search, request).Run(token), cancellation);

    /// <exception cref="TraceQueryException">The query asks for spans, or for too much.</exception>
    public Task<TraceMetricsResult> MeasureAsync(ITraceStore store, TraceQuery query, TraceMetricsRequest request, CancellationToken cancellation)
    {
        if (query.Expr is not MetricsExpr metrics)
        {
            throw new TraceQueryException(TraceQueryErrorKind.Invalid, "not a metrics query");
        }
        var grid = MetricsGrid.Of(request);
        if (grid.Count > options.MaxPoints)
        {
            throw new TraceQueryException(
                TraceQueryErrorKind.Limit,
                $"step of {request.StepNs / 1_000_000}ms leads to more than {options.MaxPoints} points per series: ask for a larger one");
        }
        return RunAsync(token => new MetricsRun(store, options, request, grid, token).Run(metrics), cancellation);
    }

    /// <summary>Asks something else of traces, in the time that a query may take.</summary>
    /// <exception cref="TraceQueryException">It takes too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> answer, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await Task.Run(() => answer(either.Token), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TraceQueryException(TraceQueryErrorKind.Timeout, "query timed out: ask for a shorter range, or say more of the spans");
        }
        catch (OperationCanceledException)
        {
            throw new TraceQueryException(TraceQueryErrorKind.Canceled, "context canceled");
        }
    }
}
