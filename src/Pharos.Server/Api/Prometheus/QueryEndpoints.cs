using System.Text.Json;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;

namespace Pharos.Server.Api.Prometheus;

/// <summary><c>query</c>, <c>query_range</c> and what only looks at a query's text.</summary>
internal sealed class QueryEndpoints(IMetricStore store, PromEngine engine, int maxConcurrency, TimeProvider time) : IDisposable
{
    private const int MaxPointsPerSeries = 11_000;
    private const string Truncated = "results truncated due to limit";

    /// <summary>How many queries run at once; the others wait for their turn within their own timeout.</summary>
    private readonly SemaphoreSlim _turns = new(maxConcurrency);

    public void Map(ApiRoutes routes)
    {
        routes.MapBoth("/query", InstantAsync);
        routes.MapBoth("/query_range", RangeAsync);
        routes.MapBoth("/format_query", Format);
        routes.MapBoth("/query_exemplars", Exemplars);
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
        return await RunAsync(request, limit, cancellation => engine.Instant(store, query, timeMs, own, cancellation));
    }

    private async ValueTask<ApiReply> RangeAsync(ApiRequest request)
    {
        var parameters = request.Parameters;
        var limit = parameters.Limit();
        var startMs = parameters.Time("start", null);
        var endMs = parameters.Time("end", null);
        var step = parameters.Error is null ? parameters.Duration("step", null) : default;
        var own = OwnParameters(parameters);
        if ((parameters.Error ?? CheckGrid(startMs, endMs, step)) is { } error)
        {
            return ApiReply.Fail(error);
        }
        var query = parameters.Text("query");
        var stepMs = Math.Max(1, (long)step.TotalMilliseconds);
        return await RunAsync(
            request, limit, cancellation => engine.Range(store, query, startMs, endMs, stepMs, own, cancellation));
    }

    private static ApiError? CheckGrid(long startMs, long endMs, TimeSpan step)
    {
        if (endMs < startMs)
        {
            return ApiError.InvalidParameter("end", "end timestamp must not be before start time");
        }
        if (step <= TimeSpan.Zero)
        {
            return ApiError.InvalidParameter(
                "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        // Enough for 60 s resolution over a week, and for 1 h over a year.
        return (endMs - startMs) / step.TotalMilliseconds > MaxPointsPerSeries
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
            own = own with { Timeout = parameters.Duration("timeout", null) };
        }
        if (parameters.Text("lookback_delta").Length > 0)
        {
            own = own with { Lookback = parameters.Duration("lookback_delta", null) };
        }
        return own;
    }

    private async ValueTask<ApiReply> RunAsync(ApiRequest request, int limit, Func<CancellationToken, QueryResult> run)
    {
        await _turns.WaitAsync(request.Cancellation);
        QueryResult result;
        try
        {
            // Evaluation is computation: it must not hold the thread that serves connections.
            result = await Task.Run(() => run(request.Cancellation), request.Cancellation);
        }
        catch (QueryException e)
        {
            return ApiReply.Fail(ErrorOf(e));
        }
        finally
        {
            _turns.Release();
        }
        var (value, truncated) = Limit(result.Value, limit);
        var withStatistics = request.Parameters.Text("stats").Length > 0;
        return ApiReply.Stream(
            async stream =>
            {
                stream.Writer.WriteStartObject();
                await WriteValueAsync(stream, value);
                if (withStatistics)
                {
                    WriteStatistics(stream.Writer, result.Statistics);
                }
                stream.Writer.WriteEndObject();
            },
            truncated ? [.. result.Warnings, Truncated] : result.Warnings,
            result.Infos);
    }

    private static ApiError ErrorOf(QueryException e) => e.Kind switch
    {
        QueryErrorKind.Parse => ApiError.InvalidParameter("query", e.Message),
        QueryErrorKind.Timeout => new ApiError(ApiErrorType.Timeout, e.Message),
        QueryErrorKind.Canceled => new ApiError(ApiErrorType.Canceled, e.Message),
        QueryErrorKind.Storage => new ApiError(ApiErrorType.Internal, e.Message),
        _ => new ApiError(ApiErrorType.Execution, e.Message),
    };

    private static (QueryValue Value, bool Truncated) Limit(QueryValue value, int limit) => value switch
    {
        VectorValue vector when vector.Samples.Count > limit => (new VectorValue([.. vector.Samples.Take(limit)]), true),
        MatrixValue matrix when matrix.Series.Count > limit => (new MatrixValue([.. matrix.Series.Take(limit)]), true),
        _ => (value, false),
    };

    private static async ValueTask WriteValueAsync(JsonStream stream, QueryValue value)
    {
        var json = stream.Writer;
        switch (value)
        {
            case ScalarValue scalar:
                json.WriteString("resultType", "scalar");
                json.WritePropertyName("result");
                JsonForms.WritePoint(json, scalar.TimestampMs, scalar.Value);
                break;
            case StringValue text:
                json.WriteString("resultType", "string");
                json.WriteStartArray("result");
                JsonForms.WriteTimestamp(json, text.TimestampMs);
                json.WriteStringValue(text.Value);
                json.WriteEndArray();
                break;
            case VectorValue vector:
                json.WriteString("resultType", "vector");
                json.WriteStartArray("result");
                foreach (var sample in vector.Samples)
                {
                    json.WriteStartObject();
                    JsonForms.WriteLabels(json, "metric", sample.Labels);
                    json.WritePropertyName("value");
                    JsonForms.WritePoint(json, sample.TimestampMs, sample.Value);
                    json.WriteEndObject();
                    await stream.BreatheAsync();
                }
                json.WriteEndArray();
                break;
            case MatrixValue matrix:
                json.WriteString("resultType", "matrix");
                json.WriteStartArray("result");
                foreach (var series in matrix.Series)
                {
                    WriteSeries(json, series);
                    await stream.BreatheAsync();
                }
                json.WriteEndArray();
                break;
        }
    }

    private static void WriteSeries(Utf8JsonWriter json, MatrixSeries series)
    {
        json.WriteStartObject();
        JsonForms.WriteLabels(json, "metric", series.Labels);
        json.WriteStartArray("values");
        for (var i = 0; i < series.TimestampsMs.Count; i++)
        {
            JsonForms.WritePoint(json, series.TimestampsMs[i], series.Values[i]);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStatistics(Utf8JsonWriter json, QueryStatistics statistics)
    {
        json.WriteStartObject("stats");
        json.WriteStartObject("timings");
        json.WriteNumber("evalTotalTime", statistics.Elapsed.TotalSeconds);
        json.WriteNumber("execTotalTime", statistics.Elapsed.TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("samples");
        json.WriteNumber("totalQueryableSamples", statistics.TotalSamples);
        json.WriteNumber("peakSamples", statistics.PeakSamples);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ApiReply Format(ApiRequest request)
    {
        try
        {
            var text = PromParser.Parse(request.Parameters.Text("query")).ToString();
            return ApiReply.Data(json => json.WriteStringValue(text));
        }
        catch (PromParseException e)
        {
            return ApiReply.Fail(ApiError.InvalidParameter("query", e.Message));
        }
    }

    /// <summary>Exemplars are not stored yet: a good question has an empty answer.</summary>
    private static ApiReply Exemplars(ApiRequest request)
    {
        request.Parameters.Time("start", ParameterReader.MinTimeMs);
        request.Parameters.Time("end", ParameterReader.MaxTimeMs);
        return request.Parameters.Error is { } error ? ApiReply.Fail(error) : ApiReply.Strings([]);
    }
}
