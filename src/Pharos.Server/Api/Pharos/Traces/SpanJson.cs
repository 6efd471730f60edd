using System.Globalization;
using System.Text.Json;
using Pharos.Query.Traces.Analysis;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Writes one span with all that is known of it.</summary>
internal static class SpanJson
{
    public static string IdOf(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    public static string KindOf(SpanKind kind) => kind switch
    {
        SpanKind.Internal => "internal",
        SpanKind.Server => "server",
        SpanKind.Client => "client",
        SpanKind.Producer => "producer",
        SpanKind.Consumer => "consumer",
        _ => "unspecified",
    };

    public static void Write(Utf8JsonWriter json, TraceTree tree, int row, long selfNs)
    {
        ref readonly var node = ref tree[row];
        var span = node.Span;
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.ToString());
        json.WriteString("spanId", IdOf(span.SpanId));
        if (span.ParentSpanId != 0)
        {
            json.WriteString("parentSpanId", IdOf(span.ParentSpanId));
        }
        json.WriteString("service", span.Resource.ServiceName);
        json.WriteString("operation", span.Name);
        json.WriteString("kind", KindOf(span.Kind));
        json.WriteString("status", span.Status switch { SpanStatus.Ok => "ok", SpanStatus.Error => "error", _ => "unset" });
        json.WriteString("statusMessage", span.StatusMessage);
        json.WriteString("startNs", Text(span.StartNs));
        json.WriteNumber("relativeStartNs", span.StartNs - tree.StartNs);
        json.WriteNumber("durationNs", Math.Max(0, span.DurationNs));
        json.WriteNumber("selfNs", selfNs);
        json.WriteString("traceState", span.TraceState);
        json.WriteNumber("flags", span.Flags);
        json.WriteBoolean("orphan", node.IsOrphan);
        WriteAttributes(json, "attributes", span.Attributes);
        json.WriteNumber("droppedAttributes", span.DroppedAttributes);
        WriteAttributes(json, "resource", span.Resource.Attributes);
        json.WriteStartObject("scope");
        json.WriteString("name", span.Scope.Name);
        json.WriteString("version", span.Scope.Version);
        WriteAttributes(json, "attributes", span.Scope.Attributes);
        json.WriteEndObject();
        json.WriteStartArray("events");
        foreach (var happened in span.Events)
        {
            json.WriteStartObject();
            json.WriteString("timeNs", Text(happened.TimeNs));
            json.WriteNumber("relativeNs", happened.TimeNs - span.StartNs);
            json.WriteString("name", happened.Name);
            WriteAttributes(json, "attributes", happened.Attributes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("droppedEvents", span.DroppedEvents);
        json.WriteStartArray("links");
        foreach (var link in span.Links)
        {
            json.WriteStartObject();
            json.WriteString("traceId", link.TraceId.ToString());
            json.WriteString("spanId", IdOf(link.SpanId));
            WriteAttributes(json, "attributes", link.Attributes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("droppedLinks", span.DroppedLinks);
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, string name, IReadOnlyList<SpanAttribute> attributes)
    {
        json.WriteStartArray(name);
        foreach (var attribute in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", attribute.Key);
            json.WriteString("type", attribute.Value.Kind switch
            {
                AttributeKind.Bool => "bool",
                AttributeKind.Int => "int",
                AttributeKind.Double => "double",
                AttributeKind.Bytes => "bytes",
                AttributeKind.Array => "array",
                AttributeKind.Map => "map",
                AttributeKind.Empty => "empty",
                _ => "text",
            });
            json.WriteString("value", attribute.Value.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
