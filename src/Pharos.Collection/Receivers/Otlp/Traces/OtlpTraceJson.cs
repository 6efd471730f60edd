using System.Text.Json;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Reads <c>ExportTraceServiceRequest</c> from OTLP's JSON into a batch: ids in hexadecimal, enumerations as numbers, 64-bit numbers
/// as texts or numbers, unknown keys ignored, keys in any order.</summary>
/// <remarks>Not thread-safe; made to be used again.</remarks>
internal sealed class OtlpTraceJson(SpanBatch batch) : IDisposable
{
    /// <summary>A level of an attribute's lists and maps takes up to four of JSON's.</summary>
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = (4 * NestedValueText.MaxDepth) + 32 };

    private readonly OtlpAttributeJson _attributes = new(batch);
    private readonly Utf8Text _text = new();
    private readonly Utf8Text _version = new();
    private RejectedSpans _rejected;
    private RowBudget _rows;

    /// <summary>Fills the batch.</summary>
    /// <exception cref="InvalidDataException">The text is no such message.</exception>
    public RejectedSpans Read(ReadOnlyMemory<byte> text)
    {
        _rejected = default;
        _rows = default;
        try
        {
            using var json = JsonDocument.Parse(text, Limits);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (JsonValues.Is(JsonValues.Name(property), "resourceSpans"u8, "resource_spans"u8))
                {
                    foreach (var item in JsonValues.Items(property.Value))
                    {
                        ReadResource(item);
                    }
                }
            }
            return _rejected;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"the body is no OTLP JSON: {e.Message}", e);
        }
    }

    public void Dispose() => _attributes.Dispose();

    private void ReadResource(JsonElement element)
    {
        _rows.Take();
        batch.BeginResource();
        foreach (var property in element.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            if (property.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            if (name.SequenceEqual("resource"u8))
            {
                ReadAttributes(property.Value);
            }
            else if (JsonValues.Is(name, "schemaUrl"u8, "schema_url"u8))
            {
                batch.SetResourceSchema(JsonValues.Text(property.Value, _text));
            }
        }
        foreach (var property in element.EnumerateObject())
        {
            if (JsonValues.Is(JsonValues.Name(property), "scopeSpans"u8, "scope_spans"u8))
            {
                foreach (var item in JsonValues.Items(property.Value))
                {
                    ReadScope(item);
                }
            }
        }
    }

    private void ReadScope(JsonElement element)
    {
        _rows.Take();
        var (scope, schema) = (default(JsonElement), default(JsonElement));
        foreach (var property in element.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            if (property.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            if (name.SequenceEqual("scope"u8))
            {
                scope = property.Value;
            }
            else if (JsonValues.Is(name, "schemaUrl"u8, "schema_url"u8))
            {
                schema = property.Value;
            }
        }
        BeginScope(scope);
        if (schema.ValueKind is not JsonValueKind.Undefined)
        {
            batch.SetScopeSchema(JsonValues.Text(schema, _text));
        }
        foreach (var property in element.EnumerateObject())
        {
            if (JsonValues.Name(property).SequenceEqual("spans"u8))
            {
                foreach (var item in JsonValues.Items(property.Value))
                {
                    ReadSpan(item);
                }
            }
        }
    }

    private void BeginScope(JsonElement scope)
    {
        if (scope.ValueKind is JsonValueKind.Undefined)
        {
            batch.BeginScope(default, default);
            return;
        }
        var name = ReadOnlySpan<byte>.Empty;
        var version = ReadOnlySpan<byte>.Empty;
        foreach (var property in scope.EnumerateObject())
        {
            var key = JsonValues.Name(property);
            if (property.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            if (key.SequenceEqual("name"u8))
            {
                name = JsonValues.Text(property.Value, _text);
            }
            else if (key.SequenceEqual("version"u8))
            {
                version = JsonValues.Text(property.Value, _version);
            }
        }
        batch.BeginScope(name, version);
        ReadAttributes(scope);
    }

    /// <summary>Adds the attributes of whatever was begun last.</summary>
    private void ReadAttributes(JsonElement owner)
    {
        foreach (var property in owner.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            if (name.SequenceEqual("attributes"u8))
            {
                foreach (var item in JsonValues.Items(property.Value))
                {
                    ReadAttribute(item);
                }
            }
            else if (JsonValues.Is(name, "droppedAttributesCount"u8, "dropped_attributes_count"u8)
                && property.Value.ValueKind is not JsonValueKind.Null)
            {
                batch.SetDroppedAttributes(JsonValues.Count(property.Value));
            }
        }
    }

    private void ReadAttribute(JsonElement pair)
    {
        _rows.Take();
        _attributes.Read(pair);
    }

    private void ReadSpan(JsonElement element)
    {
        batch.BeginSpan();
        var wrong = RejectedSpans.TraceId;
        var (hasTraceId, hasSpanId) = (false, false);
        string? other = null;
        foreach (var property in element.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            var name = JsonValues.Name(property);
            if (JsonValues.Is(name, "traceId"u8, "trace_id"u8))
            {
                hasTraceId = JsonValues.TryTraceId(value, out var traceId) && !traceId.IsZero;
                batch.Last.TraceId = traceId;
            }
            else if (JsonValues.Is(name, "spanId"u8, "span_id"u8))
            {
                hasSpanId = JsonValues.TrySpanId(value, out var spanId) && spanId != 0;
                batch.Last.SpanId = spanId;
            }
            else if (JsonValues.Is(name, "parentSpanId"u8, "parent_span_id"u8))
            {
                other = JsonValues.TrySpanId(value, out var parentId) || JsonValues.IsEmpty(value) ? other : RejectedSpans.ParentId;
                batch.Last.ParentSpanId = parentId;
            }
            else if (name.SequenceEqual("attributes"u8))
            {
                batch.BackToSpan();
                foreach (var item in JsonValues.Items(value))
                {
                    ReadAttribute(item);
                }
            }
            else if (name.SequenceEqual("events"u8))
            {
                foreach (var item in JsonValues.Items(value))
                {
                    ReadEvent(item);
                }
            }
            else if (name.SequenceEqual("links"u8))
            {
                foreach (var link in JsonValues.Items(value))
                {
                    other = ReadLink(link) ? other : RejectedSpans.LinkId;
                }
            }
            else
            {
                ReadField(name, value);
            }
        }
        if (!hasTraceId || !hasSpanId || other is not null)
        {
            batch.RemoveLast();
            _rejected.Add(!hasTraceId ? wrong : !hasSpanId ? RejectedSpans.SpanId : other!);
        }
    }

    private void ReadField(ReadOnlySpan<byte> name, JsonElement value)
    {
        ref var row = ref batch.Last;
        if (name.SequenceEqual("name"u8))
        {
            row.Name = batch.Keep(JsonValues.Text(value, _text));
        }
        else if (JsonValues.Is(name, "startTimeUnixNano"u8, "start_time_unix_nano"u8))
        {
            row.StartNs = OtlpEnums.TimeNs(JsonValues.Unsigned(value));
        }
        else if (JsonValues.Is(name, "endTimeUnixNano"u8, "end_time_unix_nano"u8))
        {
            row.EndNs = OtlpEnums.TimeNs(JsonValues.Unsigned(value));
        }
        else if (name.SequenceEqual("kind"u8))
        {
            row.Kind = JsonValues.Kind(value);
        }
        else if (name.SequenceEqual("status"u8))
        {
            ReadStatus(value);
        }
        else if (name.SequenceEqual("flags"u8))
        {
            row.Flags = JsonValues.Count(value);
        }
        else if (JsonValues.Is(name, "traceState"u8, "trace_state"u8))
        {
            row.TraceState = batch.Keep(JsonValues.Text(value, _text));
        }
        else if (JsonValues.Is(name, "droppedAttributesCount"u8, "dropped_attributes_count"u8))
        {
            row.DroppedAttributes = JsonValues.Count(value);
        }
        else if (JsonValues.Is(name, "droppedEventsCount"u8, "dropped_events_count"u8))
        {
            row.DroppedEvents = JsonValues.Count(value);
        }
        else if (JsonValues.Is(name, "droppedLinksCount"u8, "dropped_links_count"u8))
        {
            row.DroppedLinks = JsonValues.Count(value);
        }
    }

    private void ReadStatus(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            if (property.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            if (name.SequenceEqual("message"u8))
            {
                batch.Last.StatusMessage = batch.Keep(JsonValues.Text(property.Value, _text));
            }
            else if (name.SequenceEqual("code"u8))
            {
                batch.Last.Status = JsonValues.Status(property.Value);
            }
        }
    }

    private void ReadEvent(JsonElement element)
    {
        _rows.Take();
        var timeNs = 0L;
        var text = ReadOnlySpan<byte>.Empty;
        foreach (var property in element.EnumerateObject())
        {
            var name = JsonValues.Name(property);
            if (property.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            if (JsonValues.Is(name, "timeUnixNano"u8, "time_unix_nano"u8))
            {
                timeNs = OtlpEnums.TimeNs(JsonValues.Unsigned(property.Value));
            }
            else if (name.SequenceEqual("name"u8))
            {
                text = JsonValues.Text(property.Value, _text);
            }
        }
        batch.BeginEvent(timeNs, text);
        ReadAttributes(element);
    }

    /// <summary>False where its ids are none.</summary>
    private bool ReadLink(JsonElement element)
    {
        _rows.Take();
        var state = ReadOnlySpan<byte>.Empty;
        var (traceId, spanId, flags) = (default(TraceId), 0UL, 0U);
        var hasIds = true;
        foreach (var property in element.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }
            var name = JsonValues.Name(property);
            if (JsonValues.Is(name, "traceId"u8, "trace_id"u8))
            {
                hasIds &= JsonValues.TryTraceId(value, out traceId) || JsonValues.IsEmpty(value);
            }
            else if (JsonValues.Is(name, "spanId"u8, "span_id"u8))
            {
                hasIds &= JsonValues.TrySpanId(value, out spanId) || JsonValues.IsEmpty(value);
            }
            else if (JsonValues.Is(name, "traceState"u8, "trace_state"u8))
            {
                state = JsonValues.Text(value, _text);
            }
            else if (name.SequenceEqual("flags"u8))
            {
                flags = JsonValues.Count(value);
            }
        }
        batch.BeginLink(traceId, spanId, state, flags);
        ReadAttributes(element);
        return hasIds;
    }
}
