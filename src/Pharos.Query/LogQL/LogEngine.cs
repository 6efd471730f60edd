using System.Diagnostics;
using Pharos.Query.LogQL.Evaluation;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL;

/// <summary>Answers LogQL from a log store.</summary>
/// <remarks>Thread-safe, without state of its own: one serves everybody with the same limits.</remarks>
public sealed class LogEngine(LogEngineOptions options, TimeProvider time)
{
    private const string TimedOut = "request timed out, decrease the duration of the request or add more label matchers " +
        "(prefer exact match over regex match) to reduce the amount of data processed";

    private const string LinesInInstantQuery = "log queries are not supported as an instant query type, please change your query to a range query type";

    public LogEngineOptions Options => options;

    /// <summary>Answers streams, a matrix, or, of a query that is a number, a matrix of one series.</summary>
    /// <exception cref="LogQueryException">The query has no answer.</exception>
    public Task<LogQueryResult> QueryRangeAsync(
        ILogStore store, string tenant, LogExpr expr, LogRangeRequest request, CancellationToken cancellation) =>
        RunAsync(run => expr switch
        {
            LogQueryExpr query => run.Lines(query, request),
            MetricExpr metric => run.Matrix(metric, request),
            _ => throw new UnreachableException(),
        }, store, tenant, cancellation);

    /// <summary>Answers a vector, or, of a query that is a number, a scalar.</summary>
    /// <param name="timeNs">The moment; nanoseconds since 1970, UTC.</param>
    /// <exception cref="LogQueryException">The query has no answer, for one because it asks for lines.</exception>
    public Task<LogQueryResult> QueryInstantAsync(ILogStore store, string tenant, LogExpr expr, long timeNs, CancellationToken cancellation) =>
        RunAsync(run => expr is MetricExpr metric ? run.Vector(metric, timeNs)
            : throw new LogQueryException(LogQueryErrorKind.Invalid, LinesInInstantQuery), store, tenant, cancellation);

    private async Task<LogQueryResult> RunAsync(
        Func<LogQueryRun, LogQueryResult> answer, ILogStore store, string tenant, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var started = time.GetTimestamp();
        try
        {
            var run = new LogQueryRun(options, time, store, tenant, either.Token);
            var result = await Task.Run(() => answer(run), either.Token).ConfigureAwait(false);
            return result with { Statistics = result.Statistics with { Elapsed = time.GetElapsedTime(started) } };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LogQueryException(LogQueryErrorKind.Timeout, TimedOut);
        }
        catch (OperationCanceledException)
        {
            throw new LogQueryException(LogQueryErrorKind.Canceled, "The request was cancelled by the client.");
        }
    }
}
