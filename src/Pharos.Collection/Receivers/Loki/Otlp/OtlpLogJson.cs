using System.Text;
using System.Text.Json;
using Pharos.Collection.Receivers.Otlp;

namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>Reads <c>ExportLogsServiceRequest</c> from OTLP's JSON.</summary>
internal sealed class OtlpLogJson(OtlpLogWriter writer)
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 64 };

    private readonly OtlpLogRecord _record = new();

    /// <exception cref="InvalidDataException">The text is no such message.</exception>
    public void Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, Limits);
            foreach (var resource in OtlpJson.Items(json.RootElement, "resourceLogs"))
            {
                ReadResource(resource);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"the body is no OTLP JSON: {e.Message}", e);
        }
    }

    private void ReadResource(JsonElement element)
    {
        var hasOwn = element.Has("resource", out var own);
        writer.BeginResource(hasOwn ? Attributes(own) : [], hasOwn ? OtlpJson.Unsigned(own, "droppedAttributesCount") : 0);
        foreach (var scope in OtlpJson.Items(element, "scopeLogs"))
        {
            if (scope.Has("scope", out var inner))
            {
                writer.BeginScope(
                    OtlpJson.Text(inner, "name"), OtlpJson.Text(inner, "version"), Attributes(inner),
                    OtlpJson.Unsigned(inner, "droppedAttributesCount"));
            }
            else
            {
                writer.BeginScope("", "", [], 0);
            }
            foreach (var record in OtlpJson.Items(scope, "logRecords"))
            {
                ReadRecord(record);
            }
        }
    }

    private void ReadRecord(JsonElement element)
    {
        _record.Clear();
        _record.TimeNs = OtlpJson.Unsigned(element, "timeUnixNano");
        _record.ObservedNs = OtlpJson.Unsigned(element, "observedTimeUnixNano");
        _record.SeverityNumber = element.Has("severityNumber", out var severity) && severity.ValueKind is JsonValueKind.Number
            ? severity.GetInt64() : 0;
        _record.SeverityText = OtlpJson.Text(element, "severityText");
        _record.DroppedAttributes = OtlpJson.Unsigned(element, "droppedAttributesCount");
        _record.Flags = (uint)OtlpJson.Unsigned(element, "flags");
        _record.TraceId = OtlpJson.Text(element, "traceId").ToLowerInvariant();
        _record.SpanId = OtlpJson.Text(element, "spanId").ToLowerInvariant();
        _record.EventName = OtlpJson.Text(element, "eventName");
        _record.Attributes.AddRange(Attributes(element));
        var body = element.Has("body", out var value) && value.ValueKind is JsonValueKind.Object ? OtlpJson.ReadValue(value) : null;
        writer.Write(_record, Encoding.UTF8.GetBytes(AttributeText.Of(body)));
    }

    private static List<(string Key, object? Value)> Attributes(JsonElement element) =>
    [
        .. OtlpJson.Items(element, "attributes").Select(static item => (
            OtlpJson.Text(item, "key"), item.Has("value", out var value) ? OtlpJson.ReadValue(value) : null)),
    ];
}
