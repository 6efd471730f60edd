using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Pharos.Query.Traces;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Conformance.Tests.Jaeger;

/// <summary>Reads the spans of Jaeger's own test files: those of its first model, and OTLP.</summary>
internal static class JaegerFixture
{
    public static List<Span> Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path).Trim());
        var root = document.RootElement;
        return root.TryGetProperty("resourceSpans", out var resources) ? [.. resources.EnumerateArray().SelectMany(OfResource)]
            : [.. root.GetProperty("spans").EnumerateArray().Select(OfModel)];
    }

    private static Span OfModel(JsonElement span)
    {
        var process = span.GetProperty("process");
        var traceId = TraceId.FromBytes(Base64(span.GetProperty("traceId").GetString()!));
        var references = Items(span, "references").Select(reference => (
            IsChildOf: !reference.TryGetProperty("refType", out var type) || type.GetString() == "CHILD_OF",
            Trace: TraceId.FromBytes(Base64(reference.GetProperty("traceId").GetString()!)),
            Id: BinaryPrimitives.ReadUInt64BigEndian(Base64(reference.GetProperty("spanId").GetString()!)))).ToList();
        var parent = references.FindIndex(reference => reference.IsChildOf && reference.Trace == traceId);
        var startNs = TimeOf(span.GetProperty("startTime"));
        Assert.True(GoDuration.TryParse(span.GetProperty("duration").GetString(), out var duration));
        var read = new Span
        {
            TraceId = traceId,
            SpanId = BinaryPrimitives.ReadUInt64BigEndian(Base64(span.GetProperty("spanId").GetString()!)),
            ParentSpanId = parent < 0 ? 0 : references[parent].Id,
            Name = span.GetProperty("operationName").GetString()!,
            StartNs = startNs,
            EndNs = startNs + (duration.Ticks * TimeSpan.NanosecondsPerTick),
            Attributes = [.. Items(span, "tags").Select(Tag)],
            Events =
            [
                .. Items(span, "logs").Select(log => new SpanEvent(
                    TimeOf(log.GetProperty("timestamp")), "", [.. Items(log, "fields").Select(Tag)], 0)),
            ],
            Links =
            [
                .. references.Where((_, i) => i != parent).Select(static reference => new SpanLink(
                    reference.Trace, reference.Id, "", 0, reference.IsChildOf ? [new("opentracing.ref_type", AttributeValue.OfText("child_of"))] : [], 0)),
            ],
            Resource = new SpanResource(
                [new("service.name", AttributeValue.OfText(process.GetProperty("serviceName").GetString()!)), .. Items(process, "tags").Select(Tag)], 0, ""),
        };
        var warnings = Items(span, "warnings").Select(static warning => warning.GetString()!).ToList();
        return warnings.Count == 0 ? read : SpanWarningList.Add(read, warnings);
    }

    /// <summary>RFC 3339.</summary>
    public static long TimeOf(JsonElement text) => NanosecondTime.TryParse(text.GetString(), out var timeNs) ? timeNs
        : throw new FormatException($"{text} is no time");

    private static SpanAttribute Tag(JsonElement tag)
    {
        var value = tag.TryGetProperty("vInt64", out var number) ? AttributeValue.OfInt(Integer(number))
            : tag.TryGetProperty("vFloat64", out var real) ? AttributeValue.OfDouble(real.GetDouble())
            : tag.TryGetProperty("vBool", out var flag) ? AttributeValue.OfBool(flag.GetBoolean())
            : tag.TryGetProperty("vBinary", out var blob) ? AttributeValue.OfBytes(Base64(blob.GetString()!))
            : AttributeValue.OfText(tag.TryGetProperty("vStr", out var text) ? text.GetString()! : "");
        return new SpanAttribute(tag.GetProperty("key").GetString()!, value);
    }

    private static IEnumerable<Span> OfResource(JsonElement resource)
    {
        var of = new SpanResource([.. Attributes(resource.GetProperty("resource"))], 0, "");
        foreach (var group in resource.GetProperty("scopeSpans").EnumerateArray())
        {
            var named = group.GetProperty("scope");
            var scope = new SpanScope(Text(named, "name"), Text(named, "version"), [.. Attributes(named)], 0, "");
            foreach (var span in group.GetProperty("spans").EnumerateArray())
            {
                yield return new Span
                {
                    TraceId = Id(span.GetProperty("traceId")),
                    SpanId = Hex(Text(span, "spanId")),
                    ParentSpanId = Text(span, "parentSpanId") is { Length: > 0 } parent ? Hex(parent) : 0,
                    Name = Text(span, "name"),
                    Kind = span.TryGetProperty("kind", out var kind) ? (SpanKind)kind.GetInt32() : SpanKind.Unspecified,
                    StartNs = Integer(span.GetProperty("startTimeUnixNano")),
                    EndNs = Integer(span.GetProperty("endTimeUnixNano")),
                    Attributes = [.. Attributes(span)],
                    Events =
                    [
                        .. Items(span, "events").Select(static happened => new SpanEvent(
                            Integer(happened.GetProperty("timeUnixNano")), Text(happened, "name"), [.. Attributes(happened)], 0)),
                    ],
                    Links =
                    [
                        .. Items(span, "links").Select(static link => new SpanLink(
                            Id(link.GetProperty("traceId")), Hex(Text(link, "spanId")), "", 0, [.. Attributes(link)], 0)),
                    ],
                    Resource = of,
                    Scope = scope,
                };
            }
        }
    }

    private static IEnumerable<SpanAttribute> Attributes(JsonElement of) => Items(of, "attributes").Select(static attribute =>
    {
        var value = attribute.GetProperty("value").EnumerateObject().Single();
        return new SpanAttribute(attribute.GetProperty("key").GetString()!, value.Name switch
        {
            "intValue" => AttributeValue.OfInt(Integer(value.Value)),
            "doubleValue" => AttributeValue.OfDouble(value.Value.GetDouble()),
            "boolValue" => AttributeValue.OfBool(value.Value.GetBoolean()),
            "bytesValue" => AttributeValue.OfBytes(Convert.FromBase64String(value.Value.GetString()!)),
            _ => AttributeValue.OfText(value.Value.GetString()!),
        });
    });

    private static IEnumerable<JsonElement> Items(JsonElement of, string name) =>
        of.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [];

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString()! : "";

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static TraceId Id(JsonElement hex) => TraceId.TryParse(hex.GetString(), out var id) ? id : default;

    private static long Integer(JsonElement number) =>
        number.ValueKind == JsonValueKind.String ? long.Parse(number.GetString()!, CultureInfo.InvariantCulture) : number.GetInt64();

    /// <summary>One file has set bits behind its last byte, which Go's reader does not mind.</summary>
    private static byte[] Base64(string text)
    {
        var whole = text.TrimEnd('=');
        var bits = 0;
        var held = 0;
        var bytes = new List<byte>();
        foreach (var c in whole)
        {
            bits = (bits << 6) | "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".IndexOf(c, StringComparison.Ordinal);
            held += 6;
            if (held >= 8)
            {
                held -= 8;
                bytes.Add((byte)(bits >> held));
                bits &= (1 << held) - 1;
            }
        }
        return [.. bytes];
    }
}
