using System.Globalization;
using System.Text.Json;
using Pharos.Query.Traces;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Json;

/// <summary>Writes traces in the JSON that Jaeger's interface reads, span by span.</summary>
internal static class UiTraceJson
{
    /// <summary>The largest number that JavaScript counts to; farther ones are written as texts.</summary>
    private const long MaxSafeInteger = (1L << 53) - 1;

    private const long NsPerMicrosecond = 1_000;

    public static async ValueTask WriteAsync(JsonStream stream, TraceId id, IReadOnlyList<Span> spans, int leftOut = 0)
    {
        var json = stream.Writer;
        var processes = new JaegerProcesses();
        json.WriteStartObject();
        json.WriteString("traceID"u8, JaegerIds.Format(id));
        json.WriteStartArray("spans"u8);
        foreach (var span in spans)
        {
            Write(json, span, processes.IdOf(span.Resource));
            await stream.BreatheAsync();
        }
        json.WriteEndArray();
        json.WriteStartObject("processes"u8);
        for (var i = 0; i < processes.All.Count; i++)
        {
            json.WriteStartObject(JaegerProcesses.IdOf(i));
            json.WriteString("serviceName"u8, processes.All[i].ServiceName);
            json.WritePropertyName("tags"u8);
            Write(json, JaegerTags.Of(processes.All[i]));
            json.WriteEndObject();
            await stream.BreatheAsync();
        }
        json.WriteEndObject();
        WriteWarnings(json, leftOut == 0 ? null
            : [string.Create(CultureInfo.InvariantCulture, $"the trace has {leftOut} spans more than one answer may hold; these are the earliest")]);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Span span, string processId)
    {
        json.WriteStartObject();
        json.WriteString("traceID"u8, JaegerIds.Format(span.TraceId));
        json.WriteString("spanID"u8, JaegerIds.Format(span.SpanId));
        if ((span.Flags & 0xFF) is not 0 and var flags)
        {
            json.WriteNumber("flags"u8, flags);
        }
        json.WriteString("operationName"u8, span.Name);
        json.WriteStartArray("references"u8);
        foreach (var reference in JaegerReference.Of(span))
        {
            json.WriteStartObject();
            json.WriteString("refType"u8, reference.IsChildOf ? "CHILD_OF"u8 : "FOLLOWS_FROM"u8);
            json.WriteString("traceID"u8, JaegerIds.Format(reference.TraceId));
            json.WriteString("spanID"u8, JaegerIds.Format(reference.SpanId));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("startTime"u8, span.StartNs / NsPerMicrosecond);
        json.WriteNumber("duration"u8, span.DurationNs / NsPerMicrosecond);
        json.WritePropertyName("tags"u8);
        Write(json, JaegerTags.Of(span));
        json.WriteStartArray("logs"u8);
        foreach (var happened in span.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp"u8, happened.TimeNs / NsPerMicrosecond);
            json.WritePropertyName("fields"u8);
            Write(json, JaegerTags.Of(happened));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("processID"u8, processId);
        WriteWarnings(json, SpanWarningList.Of(span));
        json.WriteEndObject();
    }

    private static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<string>? warnings)
    {
        json.WritePropertyName("warnings"u8);
        if (warnings is null)
        {
            json.WriteNullValue();
        }
        else
        {
            JsonForms.WriteStrings(json, warnings);
        }
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<JaegerTag> tags)
    {
        json.WriteStartArray();
        foreach (var tag in tags)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, tag.Key);
            Write(json, tag.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Bool:
                json.WriteString("type"u8, "bool"u8);
                json.WriteBoolean("value"u8, value.Bool);
                break;
            case AttributeKind.Int when value.Int is > MaxSafeInteger or < -MaxSafeInteger:
                json.WriteString("type"u8, "int64"u8);
                json.WriteString("value"u8, value.ToString());
                break;
            case AttributeKind.Int:
                json.WriteString("type"u8, "int64"u8);
                json.WriteNumber("value"u8, value.Int);
                break;
            case AttributeKind.Double:
                json.WriteString("type"u8, "float64"u8);
                Write(json, value.Double);
                break;
            case AttributeKind.Bytes:
                json.WriteString("type"u8, "binary"u8);
                json.WriteBase64String("value"u8, value.Bytes.Span);
                break;
            default:
                json.WriteString("type"u8, "string"u8);
                json.WriteString("value"u8, value.Text);
                break;
        }
    }

    /// <summary>JSON has no words for what is no number: they are texts.</summary>
    private static void Write(Utf8JsonWriter json, double value)
    {
        json.WritePropertyName("value"u8);
        Span<byte> text = stackalloc byte[JsonNumber.MaxBytes];
        var written = text[..JsonNumber.Write(value, text)];
        if (double.IsFinite(value))
        {
            json.WriteRawValue(written, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(written);
        }
    }
}
