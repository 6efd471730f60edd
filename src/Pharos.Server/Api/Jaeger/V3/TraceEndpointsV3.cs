using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Server.Api.Otlp.Traces;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.V3;

/// <summary>Jaeger's third API: traces as OTLP's JSON, found by parameters in camelCase or, as it was before, in snake_case.</summary>
internal sealed class TraceEndpointsV3(TraceQueries traces)
{
    private const string NoTraces = "No traces found";

    public void Map(JaegerRoutes routes)
    {
        routes.MapGet("/api/v3/traces/{traceID}", GetAsync);
        routes.MapGet("/api/v3/traces", FindAsync);
        routes.MapGet("/api/v3/trace-summaries", SummariesAsync);
        routes.MapGet("/api/v3/services", ServicesAsync);
        routes.MapGet("/api/v3/operations", OperationsAsync);
    }

    /// <summary><c>{"error":{"httpCode":404,"message":".."}}</c>.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string message) => JaegerReply.RefuseAsync(context, status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("httpCode", status);
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private Task GetAsync(JaegerRequest request)
    {
        var id = IdIn((string)request.Context.Request.RouteValues["traceID"]!);
        Time(request, "startTime", "start_time");
        Time(request, "endTime", "end_time");
        var trace = traces.Of(request.Tenant).Get(id, Flag(request, "rawTraces", "raw_traces"));
        return AnswerAsync(request, trace is null ? [] : [trace]);
    }

    private Task FindAsync(JaegerRequest request) => AnswerAsync(request, traces.Of(request.Tenant).Find(Read(request), request.Cancellation));

    private static async Task AnswerAsync(JaegerRequest request, IEnumerable<Trace> found)
    {
        using var each = found.GetEnumerator();
        if (!each.MoveNext())
        {
            throw new JaegerRefusal(StatusCodes.Status404NotFound, NoTraces);
        }
        await JaegerReply.JsonAsync(request, async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteStartObject("result"u8);
            json.WriteStartArray("resourceSpans"u8);
            do
            {
                await OtlpTraceJson.WriteItemsAsync(stream, each.Current.Spans);
            }
            while (each.MoveNext());
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private Task SummariesAsync(JaegerRequest request)
    {
        var search = Read(request);
        return JaegerReply.JsonAsync(request, async stream =>
        {
            stream.Writer.WriteStartObject();
            stream.Writer.WriteStartArray("summaries"u8);
            foreach (var summary in traces.Of(request.Tenant).Summaries(search, request.Cancellation))
            {
                Write(stream.Writer, summary);
                await stream.BreatheAsync();
            }
            stream.Writer.WriteEndArray();
            stream.Writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, TraceSummary summary)
    {
        json.WriteStartObject();
        json.WriteString("traceId"u8, summary.Id.ToString());
        Text(json, "rootServiceName", summary.RootService);
        Text(json, "rootOperationName", summary.RootName);
        json.WriteString("minStartTimeUnixNano"u8, summary.StartNs.ToString(CultureInfo.InvariantCulture));
        json.WriteString("maxEndTimeUnixNano"u8, summary.EndNs.ToString(CultureInfo.InvariantCulture));
        Count(json, "spanCount", summary.Spans);
        Count(json, "errorSpanCount", summary.ErrorSpans);
        Count(json, "orphanSpanCount", summary.OrphanSpans);
        json.WriteStartArray("services"u8);
        foreach (var service in summary.Services)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, service.Name);
            Count(json, "spanCount", service.Spans);
            Count(json, "errorSpanCount", service.ErrorSpans);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private Task ServicesAsync(JaegerRequest request) => JaegerReply.JsonAsync(request, stream =>
    {
        stream.Writer.WriteStartObject();
        JsonForms.WriteStrings(stream.Writer, "services", traces.Of(request.Tenant).Services());
        stream.Writer.WriteEndObject();
        return ValueTask.CompletedTask;
    });

    private Task OperationsAsync(JaegerRequest request)
    {
        var kind = Either(request, "spanKind", "span_kind").Value;
        var operations = traces.Of(request.Tenant).Operations(request["service"])
            .Where(operation => kind.Length == 0 || JaegerTags.KindOf(operation.Kind) == kind);
        return JaegerReply.JsonAsync(request, stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteStartArray("operations"u8);
            foreach (var operation in operations)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, operation.Name);
                // As Jaeger: what says nothing of itself is internal.
                json.WriteString("spanKind"u8, JaegerTags.KindOf(operation.Kind == SpanKind.Unspecified ? SpanKind.Internal : operation.Kind));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            return ValueTask.CompletedTask;
        });
    }

    private static TraceSearch Read(JaegerRequest request)
    {
        if (request["query.filter"].Length > 0)
        {
            throw new JaegerRefusal(StatusCodes.Status501NotImplemented, "query.filter is not supported; use query.attributes");
        }
        var (start, end) = (Time(request, "query.startTimeMin", "query.start_time_min"), Time(request, "query.startTimeMax", "query.start_time_max"));
        if (start is not { } startNs || end is not { } endNs)
        {
            throw JaegerRefusal.BadRequest("query.startTimeMin and query.startTimeMax are required");
        }
        if (startNs > endNs)
        {
            throw JaegerRefusal.BadRequest("query.startTimeMin must be before query.startTimeMax");
        }
        return new TraceSearch
        {
            Service = Either(request, "query.serviceName", "query.service_name").Value,
            Operation = Either(request, "query.operationName", "query.operation_name").Value,
            Tags = request["query.attributes"] is { Length: > 0 } attributes
                ? [.. JaegerRequest.TagsIn(attributes, "malformed parameter query.attributes")] : [],
            StartNs = startNs,
            EndNs = endNs,
            MinDurationNs = Duration(request, "query.durationMin", "query.duration_min"),
            MaxDurationNs = Duration(request, "query.durationMax", "query.duration_max"),
            Limit = Depth(request),
            IsRaw = Flag(request, "query.rawTraces", "query.raw_traces"),
        };
    }

    private static int Depth(JaegerRequest request)
    {
        var (text, name) = Either(request, "query.searchDepth", "query.search_depth");
        (text, name) = text.Length > 0 ? (text, name) : (request["query.num_traces"], "query.num_traces");
        if (text.Length == 0)
        {
            return TraceSearch.DefaultLimit;
        }
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            ? depth == 0 ? TraceSearch.DefaultLimit : (int)Math.Min(depth, int.MaxValue)
            : throw JaegerRefusal.BadRequest($"malformed parameter {name}: strconv.ParseUint: parsing {GoQuote.Quote(text)}: invalid syntax");
    }

    private static long? Time(JaegerRequest request, string name, string before)
    {
        var (text, used) = Either(request, name, before);
        return text.Length == 0 ? null : NanosecondTime.TryParse(text, out var timeNs) ? timeNs : throw JaegerRefusal.BadRequest(
            $"malformed parameter {used}: parsing time {GoQuote.Quote(text)} as \"2006-01-02T15:04:05.999999999Z07:00\": cannot parse it");
    }

    private static long Duration(JaegerRequest request, string name, string before)
    {
        var (text, used) = Either(request, name, before);
        return text.Length == 0 ? 0 : GoDurationText.TryParse(text, out var durationNs, out var error) ? durationNs
            : throw JaegerRefusal.BadRequest($"malformed parameter {used}: {error}");
    }

    private static bool Flag(JaegerRequest request, string name, string before)
    {
        var (text, used) = Either(request, name, before);
        return text.Length > 0 && JaegerRequest.ParseBool(text, error => $"malformed parameter {used}: {error}");
    }

    private static (string Value, string Name) Either(JaegerRequest request, string name, string before) =>
        request[name] is { Length: > 0 } value ? (value, name) : (request[before], before);

    /// <summary>Hexadecimal digits, or sixteen bytes in base64.</summary>
    private static TraceId IdIn(string text)
    {
        if (JaegerIds.TryParse(text, out var id, out var error))
        {
            return id;
        }
        Span<byte> bytes = stackalloc byte[TraceId.Size + 1];
        return Convert.TryFromBase64String(Uri.UnescapeDataString(text), bytes, out var length) && length == TraceId.Size
            ? TraceId.FromBytes(bytes) : throw JaegerRefusal.BadRequest($"malformed parameter trace_id: {error}");
    }

    private static void Text(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static void Count(Utf8JsonWriter json, string name, int count)
    {
        if (count != 0)
        {
            json.WriteNumber(name, count);
        }
    }
}
