using System.Buffers.Binary;
using System.Text.Json;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>Writes spans as OTLP's messages.</summary>
internal static class OtlpTraceProtobuf
{
    /// <summary>Writes <c>repeated ResourceSpans resource_spans = 1</c>: the content of <c>TracesData</c> and of Tempo's <c>Trace</c>.</summary>
    public static void Write(ProtobufWriter writer, IReadOnlyList<Span> spans)
    {
        foreach (var resource in ResourceSpans.Group(spans))
        {
            var outer = writer.Begin(1);
            var inner = writer.Begin(1);
            Attributes(writer, 1, resource.Resource.Attributes);
            writer.Int64(2, resource.Resource.DroppedAttributes);
            writer.End(inner);
            foreach (var scope in resource.Scopes)
            {
                Write(writer, scope);
            }
            writer.Text(3, resource.Resource.SchemaUrl);
            writer.End(outer);
        }
    }

    private static void Write(ProtobufWriter writer, ScopeSpans group)
    {
        var outer = writer.Begin(2);
        var scope = writer.Begin(1);
        writer.Text(1, group.Scope.Name);
        writer.Text(2, group.Scope.Version);
        Attributes(writer, 3, group.Scope.Attributes);
        writer.Int64(4, group.Scope.DroppedAttributes);
        writer.End(scope);
        foreach (var span in group.Spans)
        {
            Write(writer, span);
        }
        writer.Text(3, group.Scope.SchemaUrl);
        writer.End(outer);
    }

    private static void Write(ProtobufWriter writer, Span span)
    {
        var message = writer.Begin(2);
        Id(writer, 1, span.TraceId);
        Id(writer, 2, span.SpanId);
        writer.Text(3, span.TraceState);
        if (span.ParentSpanId != 0)
        {
            Id(writer, 4, span.ParentSpanId);
        }
        writer.Text(5, span.Name);
        writer.Int64(6, (long)span.Kind);
        writer.Fixed64(7, (ulong)span.StartNs);
        writer.Fixed64(8, (ulong)span.EndNs);
        Attributes(writer, 9, span.Attributes);
        writer.Int64(10, span.DroppedAttributes);
        foreach (var happened in span.Events)
        {
            var inner = writer.Begin(11);
            writer.Fixed64(1, (ulong)happened.TimeNs);
            writer.Text(2, happened.Name);
            Attributes(writer, 3, happened.Attributes);
            writer.Int64(4, happened.DroppedAttributes);
            writer.End(inner);
        }
        writer.Int64(12, span.DroppedEvents);
        foreach (var link in span.Links)
        {
            var inner = writer.Begin(13);
            Id(writer, 1, link.TraceId);
            Id(writer, 2, link.SpanId);
            writer.Text(3, link.TraceState);
            Attributes(writer, 4, link.Attributes);
            writer.Int64(5, link.DroppedAttributes);
            writer.Fixed32(6, link.Flags);
            writer.End(inner);
        }
        writer.Int64(14, span.DroppedLinks);
        var status = writer.Begin(15);
        writer.Text(2, span.StatusMessage);
        writer.Int64(3, (long)span.Status);
        writer.End(status);
        writer.Fixed32(16, span.Flags);
        writer.End(message);
    }

    private static void Attributes(ProtobufWriter writer, int field, IReadOnlyList<SpanAttribute> attributes)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            var pair = writer.Begin(field);
            writer.Text(1, attributes[i].Key);
            var value = writer.Begin(2);
            Value(writer, attributes[i].Value);
            writer.End(value);
            writer.End(pair);
        }
    }

    /// <summary>Writes the content of an <c>AnyValue</c>.</summary>
    public static void Value(ProtobufWriter writer, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Text:
                writer.TextEvenEmpty(1, value.Text);
                break;
            case AttributeKind.Bool:
                writer.UInt64EvenZero(2, value.Bool ? 1UL : 0);
                break;
            case AttributeKind.Int:
                writer.UInt64EvenZero(3, (ulong)value.Int);
                break;
            case AttributeKind.Double:
                writer.DoubleEvenZero(4, value.Double);
                break;
            case AttributeKind.Bytes:
                writer.Bytes(7, value.Bytes.Span);
                break;
            case AttributeKind.Empty:
                break;
            default:
                if (OtlpNested.Parse(value) is { } document)
                {
                    using (document)
                    {
                        Content(writer, document.RootElement);
                    }
                }
                else
                {
                    writer.TextEvenEmpty(1, value.Text);
                }
                break;
        }
    }

    private static void Content(ProtobufWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                var list = writer.Begin(5);
                foreach (var item in element.EnumerateArray())
                {
                    var value = writer.Begin(1);
                    Content(writer, item);
                    writer.End(value);
                }
                writer.End(list);
                break;
            case JsonValueKind.Object:
                var map = writer.Begin(6);
                foreach (var member in element.EnumerateObject())
                {
                    var pair = writer.Begin(1);
                    writer.Text(1, member.Name);
                    var value = writer.Begin(2);
                    Content(writer, member.Value);
                    writer.End(value);
                    writer.End(pair);
                }
                writer.End(map);
                break;
            case JsonValueKind.String:
                writer.TextEvenEmpty(1, element.GetString()!);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.UInt64EvenZero(2, element.ValueKind == JsonValueKind.True ? 1UL : 0);
                break;
            case JsonValueKind.Number when OtlpNested.IsInteger(element, out var integer):
                writer.UInt64EvenZero(3, (ulong)integer);
                break;
            case JsonValueKind.Number:
                writer.DoubleEvenZero(4, element.GetDouble());
                break;
        }
    }

    private static void Id(ProtobufWriter writer, int field, TraceId id)
    {
        Span<byte> bytes = stackalloc byte[TraceId.Size];
        id.WriteTo(bytes);
        writer.Bytes(field, bytes);
    }

    private static void Id(ProtobufWriter writer, int field, ulong id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        writer.Bytes(field, bytes);
    }
}
