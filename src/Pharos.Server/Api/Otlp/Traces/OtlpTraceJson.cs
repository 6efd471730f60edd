using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>Writes spans as the JSON of OTLP's <c>ResourceSpans</c>. What has its default value is left out.</summary>
internal sealed class OtlpTraceJson(Utf8JsonWriter writer, OtlpJsonForm form = OtlpJsonForm.Standard)
{
    private static readonly string[] Kinds =
        ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];

    private static readonly string[] Codes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

    private readonly OtlpValueJson _values = new(writer);

    /// <summary>Writes the list <c>[{"resource":...,"scopeSpans":[...]}]</c>, sent on portion by portion.</summary>
    public static async ValueTask WriteAsync(JsonStream stream, IReadOnlyList<Span> spans, OtlpJsonForm form = OtlpJsonForm.Standard)
    {
        stream.Writer.WriteStartArray();
        await WriteItemsAsync(stream, spans, form);
        stream.Writer.WriteEndArray();
    }

    /// <summary>As <see cref="WriteAsync"/>, into a list that was begun: of several traces, one after the other.</summary>
    public static async ValueTask WriteItemsAsync(JsonStream stream, IReadOnlyList<Span> spans, OtlpJsonForm form = OtlpJsonForm.Standard)
    {
        foreach (var _ in new OtlpTraceJson(stream.Writer, form).WriteEach(spans))
        {
            await stream.BreatheAsync();
        }
    }

    /// <summary>As <see cref="WriteAsync"/>, at once.</summary>
    public void Write(IReadOnlyList<Span> spans)
    {
        writer.WriteStartArray();
        foreach (var _ in WriteEach(spans))
        {
            // Nobody waits in between.
        }
        writer.WriteEndArray();
    }

    /// <summary>Writes the list's items, and gives each span once it is written.</summary>
    private IEnumerable<Span> WriteEach(IReadOnlyList<Span> spans)
    {
        foreach (var resource in ResourceSpans.Group(spans))
        {
            BeginResource(resource.Resource);
            foreach (var scope in resource.Scopes)
            {
                BeginScope(scope.Scope);
                foreach (var span in scope.Spans)
                {
                    Write(span);
                    yield return span;
                }
                EndGroup(scope.Scope.SchemaUrl);
            }
            EndGroup(resource.Resource.SchemaUrl);
        }
    }

    private void BeginResource(SpanResource resource)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("resource"u8);
        Attributes(resource.Attributes, resource.DroppedAttributes);
        writer.WriteEndObject();
        writer.WriteStartArray("scopeSpans"u8);
    }

    private void BeginScope(SpanScope scope)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("scope"u8);
        Text("name"u8, scope.Name);
        Text("version"u8, scope.Version);
        Attributes(scope.Attributes, scope.DroppedAttributes);
        writer.WriteEndObject();
        writer.WriteStartArray("spans"u8);
    }

    private void EndGroup(string schemaUrl)
    {
        writer.WriteEndArray();
        Text("schemaUrl"u8, schemaUrl);
        writer.WriteEndObject();
    }

    private void Write(Span span)
    {
        writer.WriteStartObject();
        Id("traceId"u8, span.TraceId);
        Id("spanId"u8, span.SpanId);
        Text("traceState"u8, span.TraceState);
        if (span.ParentSpanId != 0)
        {
            Id("parentSpanId"u8, span.ParentSpanId);
        }
        Number("flags"u8, span.Flags);
        Text("name"u8, span.Name);
        Enumeration("kind"u8, (int)span.Kind, Kinds);
        Time("startTimeUnixNano"u8, span.StartNs);
        Time("endTimeUnixNano"u8, span.EndNs);
        Attributes(span.Attributes, span.DroppedAttributes);
        Events(span);
        Links(span);
        writer.WriteStartObject("status"u8);
        Text("message"u8, span.StatusMessage);
        Enumeration("code"u8, (int)span.Status, Codes);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void Events(Span span)
    {
        if (span.Events.Count > 0)
        {
            writer.WriteStartArray("events"u8);
            foreach (var happened in span.Events)
            {
                writer.WriteStartObject();
                Time("timeUnixNano"u8, happened.TimeNs);
                Text("name"u8, happened.Name);
                Attributes(happened.Attributes, happened.DroppedAttributes);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        Number("droppedEventsCount"u8, span.DroppedEvents);
    }

    private void Links(Span span)
    {
        if (span.Links.Count > 0)
        {
            writer.WriteStartArray("links"u8);
            foreach (var link in span.Links)
            {
                writer.WriteStartObject();
                Id("traceId"u8, link.TraceId);
                Id("spanId"u8, link.SpanId);
                Text("traceState"u8, link.TraceState);
                Attributes(link.Attributes, link.DroppedAttributes);
                Number("flags"u8, link.Flags);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        Number("droppedLinksCount"u8, span.DroppedLinks);
    }

    private void Attributes(IReadOnlyList<SpanAttribute> attributes, uint dropped)
    {
        if (attributes.Count > 0)
        {
            writer.WritePropertyName("attributes"u8);
            _values.Write(attributes);
        }
        Number("droppedAttributesCount"u8, dropped);
    }

    private void Id(ReadOnlySpan<byte> name, TraceId id)
    {
        Span<byte> bytes = stackalloc byte[TraceId.Size];
        id.WriteTo(bytes);
        Id(name, bytes);
    }

    private void Id(ReadOnlySpan<byte> name, ulong id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        Id(name, bytes);
    }

    private void Id(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        if (form == OtlpJsonForm.Protobuf)
        {
            writer.WriteBase64String(name, bytes);
            return;
        }
        Span<byte> hex = stackalloc byte[TraceId.Size * 2];
        Convert.TryToHexStringLower(bytes, hex, out var length);
        writer.WriteString(name, hex[..length]);
    }

    private void Enumeration(ReadOnlySpan<byte> name, int value, string[] names)
    {
        if (value != 0 && form == OtlpJsonForm.Protobuf && value < names.Length)
        {
            writer.WriteString(name, names[value]);
        }
        else
        {
            Number(name, (uint)value);
        }
    }

    private void Time(ReadOnlySpan<byte> name, long ns)
    {
        if (ns != 0)
        {
            Span<byte> digits = stackalloc byte[20];
            ((ulong)ns).TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
            writer.WriteString(name, digits[..length]);
        }
    }

    private void Text(ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private void Number(ReadOnlySpan<byte> name, uint value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }
}
