using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Caching;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary><c>query</c> and <c>query_range</c>.</summary>
internal sealed class QueryEndpoints(
    IMetricStore store, PromEngine engine, RangeCache cache, QueryLog log, int maxConcurrency, TimeProvider time) : IDisposable
{
    private const int MaxPointsPerSeries = 11_000;
    private const string Truncated = "results truncated due to limit";

    /// <summary>How many queries run at once; the others wait for their turn within their own timeout.</summary>
    private readonly SemaphoreSlim _turns = new(maxConcurrency);
    private readonly MatrixJson _matrices = new(Environment.ProcessorCount);

    public void Map(ApiRoutes routes)
    {
        routes.MapBoth("/query", InstantAsync);
        routes.MapBoth("/query_range", RangeAsync);
    }

    public void Dispose() => _turns.Dispose();

    private async ValueTask<ApiReply> InstantAsync(ApiRequest request)
    {
        var parameters = request.Parameters;
        var limit = parameters.Limit();
        var timeMs = parameters.Time("time", time.GetUtcNow().ToUnixTimeMilliseconds());
        var own = OwnParameters(parameters);
        if (parameters.Error is { } error)
        {
            return ApiReply.Fail(error);
        }
        var query = parameters.Text("query");
        return await RunAsync(
            request, limit, own, new QueryLogEntry(query, timeMs, timeMs),
            (left, cancellation) => engine.Instant(store, query, timeMs, left, cancellation));
    }

    private async ValueTask<ApiReply> RangeAsync(ApiRequest request)
    {
        var parameters = request.Parameters;
        var limit = parameters.Limit();
        var startMs = parameters.Time("start", null);
        var endMs = parameters.Time("end", null);
        if ((parameters.Error ?? CheckOrder(startMs, endMs)) is { } wrongTimes)
        {
            return ApiReply.Fail(wrongTimes);
        }
        var step = parameters.Duration("step");
        if ((parameters.Error ?? CheckStep(startMs, endMs, step)) is { } wrongStep)
        {
            return ApiReply.Fail(wrongStep);
        }
        var own = OwnParameters(parameters);
        if (parameters.Error is { } error)
        {
            return ApiReply.Fail(error);
        }
        var query = parameters.Text("query");
        var stepMs = Math.Max(1, (long)step.TotalMilliseconds);

        // Statistics tell of the whole computation, so there must be one.
        var mayUseCache = parameters.Text("nocache") is not ("1" or "true") && parameters.Text("stats").Length == 0;
        return await RunAsync(
            request, limit, own, new QueryLogEntry(query, startMs, endMs) { StepMs = stepMs },
            (left, cancellation) => mayUseCache ? cache.Range(store, query, startMs, endMs, stepMs, left, cancellation)
                : engine.Range(store, query, startMs, endMs, stepMs, left, cancellation));
    }

    private static ApiError? CheckOrder(long startMs, long endMs) => endMs >= startMs ? null
        : ApiError.InvalidParameter("end", "end timestamp must not be before start time");

    private static ApiError? CheckStep(long startMs, long endMs, TimeSpan step)
    {
        if (step <= TimeSpan.Zero)
        {
            return ApiError.InvalidParameter(
                "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        // Enough for 60 s resolution over a week, and for 1 h over a year.
        return (endMs - startMs) / step.TotalMilliseconds >= MaxPointsPerSeries + 1
            ? new ApiError(
                ApiErrorType.BadData,
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")
            : null;
    }

    private static QueryParameters OwnParameters(ParameterReader parameters)
    {
        var own = new QueryParameters();
        if (parameters.Text("timeout").Length > 0)
        {
            var timeout = parameters.Duration("timeout");
            // A negative one has run out before it began.
            own = own with { Timeout = timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout };
        }
        var lookback = parameters.Lookback("lookback_delta");
        return lookback > TimeSpan.Zero ? own with { Lookback = lookback } : own;
    }

    private async ValueTask<ApiReply> RunAsync(
        ApiRequest request, int limit, QueryParameters own, QueryLogEntry entry,
        Func<QueryParameters, CancellationToken, QueryResult> run)
    {
        var began = time.GetTimestamp();
        var timeout = own.Timeout is { } asked && asked < engine.Options.Timeout ? asked : engine.Options.Timeout;
        if (!await WaitForTurnAsync(timeout, request.Cancellation))
        {
            return ApiReply.Fail(ApiErrorType.Timeout, "query timed out in query queue");
        }
        var waited = time.GetElapsedTime(began);
        var left = own with { Timeout = waited < timeout ? timeout - waited : TimeSpan.Zero };
        QueryResult result;
        try
        {
            // Evaluation is computation: it must not hold the thread that serves connections.
            result = await Task.Run(() => run(left, request.Cancellation), request.Cancellation);
            log.Write(entry with { Statistics = result.Statistics, Waited = waited, Request = Origin(request) });
        }
        catch (QueryException e)
        {
            if (e.Kind is not QueryErrorKind.Parse)
            {
                log.Write(entry with { Error = e.Message, Waited = waited, Request = Origin(request) });
            }
            return ApiReply.Fail(ErrorOf(e));
        }
        finally
        {
            _turns.Release();
        }
        var (value, truncated) = Limit(result.Value, limit);
        var statistics = request.Parameters.Text("stats");
        return ApiReply.Stream(
            async stream =>
            {
                stream.Writer.WriteStartObject();
                await QueryValueJson.WriteAsync(stream, value, _matrices);
                if (statistics.Length > 0)
                {
                    QueryStatisticsJson.Write(stream.Writer, result.Statistics, waited, perStep: statistics == "all");
                }
                stream.Writer.WriteEndObject();
            },
            truncated ? [.. result.Warnings, Truncated] : result.Warnings,
            result.Infos);
    }

    /// <summary>False where the time ran out first. Who does not have to wait gets a turn whatever the time.</summary>
    private async ValueTask<bool> WaitForTurnAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        if (_turns.Wait(0, cancellation))
        {
            return true;
        }
        using var deadline = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            await _turns.WaitAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static (string Client, string Method, string Path) Origin(ApiRequest request) => (
        request.Context.Connection.RemoteIpAddress?.ToString() ?? "", request.Context.Request.Method,
        request.Context.Request.PathBase + request.Context.Request.Path);

    private static ApiError ErrorOf(QueryException e) => e.Kind switch
    {
        QueryErrorKind.Parse => ApiError.InvalidParameter("query", e.Message),
        QueryErrorKind.Timeout => new ApiError(ApiErrorType.Timeout, e.Message),
        QueryErrorKind.Canceled => new ApiError(ApiErrorType.Canceled, e.Message),
        QueryErrorKind.Overload => new ApiError(ApiErrorType.Overload, e.Message),
        QueryErrorKind.Storage => new ApiError(ApiErrorType.Internal, e.Message),
        _ => new ApiError(ApiErrorType.Execution, e.Message),
    };

    private static (QueryValue Value, bool Truncated) Limit(QueryValue value, int limit) => value switch
    {
        VectorValue vector when vector.Samples.Count > limit => (new VectorValue([.. vector.Samples.Take(limit)]), true),
        MatrixValue matrix when matrix.Series.Count > limit => (new MatrixValue([.. matrix.Series.Take(limit)]), true),
        _ => (value, false),
    };
}
