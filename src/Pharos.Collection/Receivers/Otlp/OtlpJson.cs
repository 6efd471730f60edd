using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Pharos.Collection.Receivers.Otlp.Model;

namespace Pharos.Collection.Receivers.Otlp;

/// <summary>Reads <c>ExportMetricsServiceRequest</c> from OTLP's JSON: keys in lower camel case or as the protocol writes them,
/// with underscores; 64-bit numbers as texts or numbers; trace ids in hexadecimal; unknown keys ignored.</summary>
/// <exception cref="InvalidDataException">The text is no such message.</exception>
internal static class OtlpJson
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 64 };

    /// <summary>Holds the keys of this file and no others.</summary>
    private static readonly ConcurrentDictionary<string, string> WithUnderscores = new(StringComparer.Ordinal);

    private static readonly (string Key, OtlpMetricKind Kind)[] Kinds =
    [
        ("gauge", OtlpMetricKind.Gauge), ("sum", OtlpMetricKind.Sum), ("histogram", OtlpMetricKind.Histogram),
        ("exponentialHistogram", OtlpMetricKind.ExponentialHistogram), ("summary", OtlpMetricKind.Summary),
    ];

    public static List<OtlpResource> Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, Limits);
            return [.. Items(json.RootElement, "resourceMetrics").Select(ReadResource)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"the body is no OTLP JSON: {e.Message}", e);
        }
    }

    private static OtlpResource ReadResource(JsonElement element)
    {
        var resource = new OtlpResource();
        if (element.Has("resource", out var inner))
        {
            ReadAttributes(inner, "attributes", resource.Attributes);
        }
        resource.Scopes.AddRange(Items(element, "scopeMetrics").Select(ReadScope));
        return resource;
    }

    private static OtlpScope ReadScope(JsonElement element)
    {
        var scope = new OtlpScope { SchemaUrl = Text(element, "schemaUrl") };
        if (element.Has("scope", out var inner))
        {
            (scope.Name, scope.Version) = (Text(inner, "name"), Text(inner, "version"));
            ReadAttributes(inner, "attributes", scope.Attributes);
        }
        scope.Metrics.AddRange(Items(element, "metrics").Select(ReadMetric));
        return scope;
    }

    private static OtlpMetric ReadMetric(JsonElement element)
    {
        var metric = new OtlpMetric
        {
            Name = Text(element, "name"), Description = Text(element, "description"), Unit = Text(element, "unit"),
        };
        foreach (var (key, kind) in Kinds)
        {
            if (element.Has(key, out var data) && data.ValueKind is JsonValueKind.Object)
            {
                metric.Kind = kind;
                metric.Temporality = ReadTemporality(data);
                metric.IsMonotonic = data.Has("isMonotonic", out var flag) && flag.ValueKind is JsonValueKind.True;
                metric.Points.AddRange(Items(data, "dataPoints").Select(ReadPoint));
            }
        }
        return metric;
    }

    private static OtlpTemporality ReadTemporality(JsonElement data)
    {
        if (!data.Has("aggregationTemporality", out var value))
        {
            return OtlpTemporality.Unspecified;
        }
        return value.ValueKind is not JsonValueKind.String ? (OtlpTemporality)value.GetInt32() : value.GetString() switch
        {
            "AGGREGATION_TEMPORALITY_DELTA" => OtlpTemporality.Delta,
            "AGGREGATION_TEMPORALITY_CUMULATIVE" => OtlpTemporality.Cumulative,
            _ => OtlpTemporality.Unspecified,
        };
    }

    /// <summary>The points of all kinds in one: a key has the same meaning in each that has it.</summary>
    private static OtlpPoint ReadPoint(JsonElement element)
    {
        var point = new OtlpPoint
        {
            StartNanoseconds = Unsigned(element, "startTimeUnixNano"),
            TimeNanoseconds = Unsigned(element, "timeUnixNano"),
            Flags = (uint)Unsigned(element, "flags"),
            Value = ReadNumber(element),
            Count = Unsigned(element, "count"),
            Sum = element.Has("sum", out var sum) ? Number(sum) : null,
            BucketCounts = [.. Items(element, "bucketCounts").Select(Unsigned)],
            Bounds = [.. Items(element, "explicitBounds").Select(Number)],
            Scale = element.Has("scale", out var scale) ? (int)Number(scale) : 0,
            ZeroCount = Unsigned(element, "zeroCount"),
            ZeroThreshold = element.Has("zeroThreshold", out var threshold) ? Number(threshold) : 0,
            Positive = ReadBuckets(element, "positive"),
            Negative = ReadBuckets(element, "negative"),
        };
        ReadAttributes(element, "attributes", point.Attributes);
        foreach (var quantile in Items(element, "quantileValues"))
        {
            point.Quantiles.Add((
                quantile.Has("quantile", out var q) ? Number(q) : 0, quantile.Has("value", out var v) ? Number(v) : 0));
        }
        point.Exemplars.AddRange(Items(element, "exemplars").Select(ReadExemplar));
        return point;
    }

    private static OtlpExemplar ReadExemplar(JsonElement element)
    {
        var exemplar = new OtlpExemplar
        {
            TimeNanoseconds = Unsigned(element, "timeUnixNano"),
            Value = ReadNumber(element),
            TraceId = Text(element, "traceId").ToLowerInvariant(),
            SpanId = Text(element, "spanId").ToLowerInvariant(),
        };
        ReadAttributes(element, "filteredAttributes", exemplar.Attributes);
        return exemplar;
    }

    private static OtlpBuckets ReadBuckets(JsonElement element, string key) => element.Has(key, out var buckets)
        ? new OtlpBuckets(
            buckets.Has("offset", out var offset) ? (int)Number(offset) : 0, [.. Items(buckets, "bucketCounts").Select(Unsigned)])
        : OtlpBuckets.None;

    private static double ReadNumber(JsonElement element) =>
        element.Has("asDouble", out var number) ? Number(number)
            : element.Has("asInt", out var whole) ? Signed(whole) : 0;

    private static void ReadAttributes(JsonElement element, string key, List<OtlpAttribute> into)
    {
        foreach (var item in Items(element, key))
        {
            into.Add(new OtlpAttribute(
                Text(item, "key"), AttributeText.Of(item.Has("value", out var value) ? ReadValue(value) : null)));
        }
    }

    /// <summary>An <c>AnyValue</c>: string, bool, long, double, byte array, list of values, list of key and value, or null.</summary>
    public static object? ReadValue(JsonElement value)
    {
        foreach (var kind in value.EnumerateObject())
        {
            switch (kind.Name)
            {
                case "stringValue" or "string_value":
                    return kind.Value.GetString();
                case "boolValue" or "bool_value":
                    return kind.Value.GetBoolean();
                case "intValue" or "int_value":
                    return Signed(kind.Value);
                case "doubleValue" or "double_value":
                    return Number(kind.Value);
                case "bytesValue" or "bytes_value":
                    return kind.Value.GetBytesFromBase64();
                case "arrayValue" or "array_value":
                    return Items(kind.Value, "values").Select(ReadValue).ToList();
                case "kvlistValue" or "kvlist_value":
                    return Items(kind.Value, "values").Select(pair => (
                        Text(pair, "key"), pair.Has("value", out var inner) ? ReadValue(inner) : null)).ToList();
            }
        }
        return null;
    }

    /// <summary>Whether a key in lower camel case is there, in either form.</summary>
    public static bool Has(this JsonElement element, string key, out JsonElement value) =>
        element.TryGetProperty(key, out value)
        || element.TryGetProperty(WithUnderscores.GetOrAdd(key, static name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name)), out value);

    public static IEnumerable<JsonElement> Items(JsonElement element, string key) =>
        element.Has(key, out var list) && list.ValueKind is not JsonValueKind.Null ? list.EnumerateArray() : [];

    public static string Text(JsonElement element, string key) =>
        element.Has(key, out var value) ? value.GetString() ?? "" : "";

    public static ulong Unsigned(JsonElement element, string key) =>
        element.Has(key, out var value) ? Unsigned(value) : 0;

    private static ulong Unsigned(JsonElement value) => value.ValueKind is JsonValueKind.String
        ? ulong.Parse(value.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture) : value.GetUInt64();

    private static long Signed(JsonElement value) => value.ValueKind is JsonValueKind.String
        ? long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : value.GetInt64();

    /// <summary>JSON has no form for what is not finite: those come as texts.</summary>
    private static double Number(JsonElement value) => value.ValueKind is not JsonValueKind.String ? value.GetDouble()
        : value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => double.Parse(text!, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
}
