using System.Globalization;
using System.Text.Json;
using Pharos.Query.TraceQL.Results;

namespace Pharos.Server.Api.Tempo;

/// <summary>Writes what a search found, in Tempo's form.</summary>
internal static class TempoSearchJson
{
    public const string NoRoot = "<root span not yet received>";

    public static async ValueTask WriteAsync(JsonStream stream, TraceSearchResult result)
    {
        var json = stream.Writer;
        json.WriteStartObject();
        json.WriteStartArray("traces"u8);
        foreach (var trace in result.Traces)
        {
            Write(json, trace);
            await stream.BreatheAsync();
        }
        json.WriteEndArray();
        json.WriteStartObject("metrics"u8);
        if (result.InspectedTraces > 0)
        {
            json.WriteNumber("inspectedTraces"u8, result.InspectedTraces);
            json.WriteString("inspectedSpans"u8, Text(result.InspectedSpans));
        }
        json.WriteNumber("completedJobs"u8, 1);
        json.WriteNumber("totalJobs"u8, 1);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FoundTrace trace)
    {
        var summary = trace.Summary;
        json.WriteStartObject();
        // Without the zeros that an id of 64 bits begins with.
        json.WriteString("traceID"u8, summary.Id.ToString().TrimStart('0'));
        json.WriteString("rootServiceName"u8, summary.RootService.Length > 0 ? summary.RootService : NoRoot);
        if (summary.RootName.Length > 0)
        {
            json.WriteString("rootTraceName"u8, summary.RootName);
        }
        json.WriteString("startTimeUnixNano"u8, Text(summary.StartNs));
        if ((summary.EndNs - summary.StartNs) / 1_000_000 is > 0 and var durationMs)
        {
            json.WriteNumber("durationMs"u8, durationMs);
        }
        if (trace.Sets.Count > 0)
        {
            // Old clients read the first set here.
            json.WritePropertyName("spanSet"u8);
            Write(json, trace.Sets[0]);
            json.WriteStartArray("spanSets"u8);
            foreach (var set in trace.Sets)
            {
                Write(json, set);
            }
            json.WriteEndArray();
        }
        json.WriteStartObject("serviceStats"u8);
        foreach (var service in summary.Services)
        {
            json.WriteStartObject(service.Name);
            json.WriteNumber("spanCount"u8, service.Spans);
            if (service.ErrorSpans > 0)
            {
                json.WriteNumber("errorCount"u8, service.ErrorSpans);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FoundSpanset set)
    {
        json.WriteStartObject();
        json.WriteStartArray("spans"u8);
        foreach (var found in set.Spans)
        {
            json.WriteStartObject();
            json.WriteString("spanID"u8, found.Span.SpanId.ToString("x16", CultureInfo.InvariantCulture));
            if (found.ShowsName)
            {
                json.WriteString("name"u8, found.Span.Name);
            }
            json.WriteString("startTimeUnixNano"u8, Text(found.Span.StartNs));
            json.WriteString("durationNanos"u8, Text(found.Span.DurationNs));
            if (found.Attributes.Count > 0)
            {
                TempoValueJson.Write(json, "attributes", found.Attributes);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("matched"u8, set.Matched);
        if (set.Attributes.Count > 0)
        {
            TempoValueJson.Write(json, "attributes", set.Attributes);
        }
        json.WriteEndObject();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
