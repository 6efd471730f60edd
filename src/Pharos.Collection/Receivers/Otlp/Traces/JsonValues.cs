using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Reads values of OTLP's JSON without a string for each.</summary>
/// <exception cref="InvalidDataException">A value is of another type.</exception>
internal static class JsonValues
{
    private const int SpanIdDigits = 16;
    private const int TraceIdDigits = 32;

    /// <summary>A key in lower camel case, or as the protocol writes it.</summary>
    public static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake) =>
        name.SequenceEqual(camel) || name.SequenceEqual(snake);

    public static ReadOnlySpan<byte> Name(JsonProperty property) => JsonMarshal.GetRawUtf8PropertyName(property);

    /// <summary>The items of a list; none of null.</summary>
    public static JsonElement.ArrayEnumerator Items(JsonElement list) => list.ValueKind is JsonValueKind.Null ? default : list.EnumerateArray();

    /// <returns>Good until the buffer's next use.</returns>
    public static ReadOnlySpan<byte> Text(JsonElement value, Utf8Text buffer)
    {
        var raw = Raw(value);
        return raw.Contains((byte)'\\') ? buffer.Unescaped(raw) : buffer.Valid(raw);
    }

    public static long Signed(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            return value.GetInt64();
        }
        var raw = Raw(value);
        return Utf8Parser.TryParse(raw, out long number, out var used) && used == raw.Length ? number : throw NoNumber(value);
    }

    public static ulong Unsigned(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            return value.GetUInt64();
        }
        var raw = Raw(value);
        return Utf8Parser.TryParse(raw, out ulong number, out var used) && used == raw.Length ? number : throw NoNumber(value);
    }

    public static uint Count(JsonElement value) => checked((uint)Unsigned(value));

    /// <summary>JSON has no form for what is not finite: those come as texts.</summary>
    public static double Double(JsonElement value) => value.ValueKind is not JsonValueKind.String ? value.GetDouble()
        : value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => double.Parse(text!, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    public static SpanKind Kind(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? OtlpEnums.Kind(value.GetString()) : OtlpEnums.Kind(value.GetInt64());

    public static SpanStatus Status(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? OtlpEnums.Status(value.GetString()) : OtlpEnums.Status(value.GetInt64());

    /// <summary>32 hexadecimal digits.</summary>
    public static bool TryTraceId(JsonElement value, out TraceId id)
    {
        var raw = Raw(value);
        id = default;
        if (raw.Length != TraceIdDigits || !TryHex(raw[..SpanIdDigits], out var high) || !TryHex(raw[SpanIdDigits..], out var low))
        {
            return false;
        }
        id = new TraceId(high, low);
        return true;
    }

    /// <summary>16 hexadecimal digits.</summary>
    public static bool TrySpanId(JsonElement value, out ulong id) => TryHex(Raw(value), out id);

    public static bool IsEmpty(JsonElement value) => Raw(value).IsEmpty;

    private static bool TryHex(ReadOnlySpan<byte> digits, out ulong id)
    {
        id = 0;
        return digits.Length == SpanIdDigits && Utf8Parser.TryParse(digits, out id, out var used, 'x') && used == SpanIdDigits;
    }

    /// <summary>What stands between the quotes.</summary>
    private static ReadOnlySpan<byte> Raw(JsonElement value) => value.ValueKind is JsonValueKind.String
        ? JsonMarshal.GetRawUtf8Value(value)[1..^1]
        : throw new InvalidDataException($"the body is no OTLP JSON: a string is expected where there is {value.ValueKind}");

    private static InvalidDataException NoNumber(JsonElement value) => new($"the body is no OTLP JSON: no number: {value.GetRawText()}");
}
