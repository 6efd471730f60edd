using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Pharos.Storage.Traces;

namespace Pharos.Conformance.Tests.Traces.Receivers;

/// <summary>A span in the words of Jaeger's model, each a line: those of its fixtures, and those that a stored span goes back to.</summary>
internal static class DomainSpan
{
    /// <summary>The spans of a fixture <c>domain_0N.json</c>.</summary>
    public static List<string[]> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return [.. json.RootElement.GetProperty("spans").EnumerateArray().Select(Lines)];
    }

    /// <summary>A stored span, kind and status as the tags that they came from.</summary>
    public static string[] Lines(Span span)
    {
        var tags = span.Attributes.Select(static tag => $"tag {tag.Key}={Value(tag.Value)}");
        if (span.Kind != SpanKind.Unspecified)
        {
            tags = tags.Append($"tag span.kind={span.Kind.ToString().ToLowerInvariant()}");
        }
        var references = span.Links.Select(link => $"reference {Kind(link)} {Id(link.TraceId, link.SpanId)}");
        if (span.ParentSpanId != 0)
        {
            references = references.Append($"reference CHILD_OF {Id(span.TraceId, span.ParentSpanId)}");
        }
        return
        [
            Head(Id(span.TraceId, span.SpanId), span.Name, span.StartNs, span.DurationNs, span.Flags, span.Resource.ServiceName),
            .. references.Order(StringComparer.Ordinal), .. tags.Order(StringComparer.Ordinal),
            .. span.Resource.Attributes.Where(static tag => tag.Key != "service.name").Select(static tag => $"process {tag.Key}={Value(tag.Value)}")
                .Order(StringComparer.Ordinal),
            .. span.Events.SelectMany(static log => (log.Name.Length > 0 ? new[] { $"log {log.TimeNs} event={log.Name}" } : [])
                .Concat(log.Attributes.Select(field => $"log {log.TimeNs} {field.Key}={Value(field.Value)}"))),
        ];
    }

    private static string[] Lines(JsonElement span)
    {
        var process = span.GetProperty("process");
        var duration = span.TryGetProperty("duration", out var told) ? long.Parse(told.GetString()!.TrimEnd('n', 's'), CultureInfo.InvariantCulture) : 0;
        var flags = span.TryGetProperty("flags", out var set) ? set.GetUInt32() : 0;
        return
        [
            Head(
                Id(span), span.GetProperty("operationName").GetString()!, Time(span.GetProperty("startTime")), duration, flags,
                process.GetProperty("serviceName").GetString()!),
            .. All(span, "references").Select(static reference => $"reference {reference.GetProperty("refType").GetString()} {Id(reference)}")
                .Order(StringComparer.Ordinal),
            .. All(span, "tags").Select(static tag => "tag " + Pair(tag)).Order(StringComparer.Ordinal),
            .. All(process, "tags").Select(static tag => "process " + Pair(tag)).Order(StringComparer.Ordinal),
            .. All(span, "logs").SelectMany(static log => All(log, "fields").Select(field => $"log {Time(log.GetProperty("timestamp"))} {Pair(field)}")),
        ];
    }

    private static IEnumerable<JsonElement> All(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static string Head(string id, string name, long startNs, long durationNs, uint flags, string service) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} {name} {startNs}+{durationNs} flags {flags} of {service}");

    private static string Id(JsonElement owner) =>
        Hex(owner.GetProperty("traceId").GetBytesFromBase64()) + ":" + Hex(owner.GetProperty("spanId").GetBytesFromBase64());

    private static string Id(TraceId trace, ulong span) => Hex(Convert.FromHexString(trace.ToString())) + ":" + Hex(Convert.FromHexString(span.ToString("x16")));

    private static string Hex(byte[] bytes) => new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    private static string Kind(SpanLink link) =>
        link.Attributes.Any(static tag => tag.Key == "opentracing.ref_type" && tag.Value.Text == "child_of") ? "CHILD_OF" : "FOLLOWS_FROM";

    private static long Time(JsonElement time) =>
        (DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static string Pair(JsonElement tag)
    {
        var type = tag.TryGetProperty("vType", out var named) ? named.GetString() : "STRING";
        return $"{tag.GetProperty("key").GetString()}=" + type switch
        {
            "STRING" => tag.GetProperty("vStr").GetString(),
            "BOOL" => Value(AttributeValue.OfBool(tag.GetProperty("vBool").GetBoolean())),
            "INT64" => Value(AttributeValue.OfInt(tag.GetProperty("vInt64").GetInt64())),
            "FLOAT64" => Value(AttributeValue.OfDouble(tag.GetProperty("vFloat64").GetDouble())),
            _ => Value(AttributeValue.OfBytes(tag.GetProperty("vBinary").GetBytesFromBase64())),
        };
    }

    private static string Value(AttributeValue value) => value.Kind == AttributeKind.Text ? value.Text : $"{value.Kind} {value}";
}
