using System.Globalization;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Reads ids as Zipkin's clients write them in JSON: hexadecimal, leading zeros left out or padded.</summary>
internal static class ZipkinIds
{
    private const int SpanDigits = 16;
    private const int MaxDigits = 32;

    /// <exception cref="InvalidDataException">It is no id, or zero.</exception>
    public static TraceId Trace(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxDigits)
        {
            throw new InvalidDataException($"traceId has {text.Length} digits where 1 to {MaxDigits} belong");
        }
        return !TraceId.TryParse(text, out var id) ? throw new InvalidDataException($"traceId \"{text}\" is no hexadecimal number")
            : id.IsZero ? throw new InvalidDataException("traceId is zero")
            : id;
    }

    /// <param name="name">What the field is called.</param>
    /// <remarks>A longer one is padded with zeros, which is forgiven as Jaeger does.</remarks>
    /// <exception cref="InvalidDataException">It is no id.</exception>
    public static ulong Span(ReadOnlySpan<char> text, string name)
    {
        if (text.Length is 0 or > MaxDigits)
        {
            throw new InvalidDataException($"{name} has {text.Length} digits where 1 to {SpanDigits} belong");
        }
        return ulong.TryParse(text[Math.Max(0, text.Length - SpanDigits)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InvalidDataException($"{name} \"{text}\" is no hexadecimal number");
    }
}
