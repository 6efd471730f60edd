using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>The small text forms that both exposition formats share.</summary>
internal static class ExpositionText
{
    /// <summary>Resolves <c>\\</c>, <c>\"</c> and <c>\n</c>; any other backslash stays, as it does in Prometheus.</summary>
    public static string Unescape(ReadOnlySpan<byte> text, bool quotes = true)
    {
        if (!text.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(text);
        }
        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var next = text[i] == '\\' && i + 1 < text.Length ? text[i + 1] : (byte)0;
            var resolved = next switch
            {
                (byte)'\\' => (byte)'\\',
                (byte)'n' => (byte)'\n',
                (byte)'"' when quotes => (byte)'"',
                _ => text[i],
            };
            if (next == '\\' || next == 'n' || (next == '"' && quotes))
            {
                i++;
            }
            plain[length++] = resolved;
        }
        return Encoding.UTF8.GetString(plain.AsSpan(0, length));
    }

    /// <summary>OpenMetrics' canonical number: always with a point or an exponent.</summary>
    public static string FormatBound(double value)
    {
        if (value == 0)
        {
            // Of either sign.
            return "0.0";
        }
        var text = GoFloat.FormatG(value);
        return double.IsFinite(value) && !text.AsSpan().ContainsAny('.', 'e') ? text + ".0" : text;
    }

    /// <summary>Bad bytes may be many; a message shows the first of them.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        const int MaxShownBytes = 16 << 10;
        var shown = text.Length > MaxShownBytes ? text[..MaxShownBytes] : text;
        return GoQuote.Quote(shown) + (text.Length > MaxShownBytes ? "..." : "");
    }

    public static bool IsKnownType(ReadOnlySpan<byte> type, bool openMetrics) =>
        type.SequenceEqual("counter"u8) || type.SequenceEqual("gauge"u8) || type.SequenceEqual("histogram"u8)
        || type.SequenceEqual("summary"u8)
        || (openMetrics
            ? type.SequenceEqual("gaugehistogram"u8) || type.SequenceEqual("info"u8) || type.SequenceEqual("stateset"u8)
                || type.SequenceEqual("unknown"u8)
            : type.SequenceEqual("untyped"u8));

    public static bool IsUnitOf(ReadOnlySpan<byte> unit, ReadOnlySpan<byte> family) =>
        unit.IsEmpty || (family.Length > unit.Length && family.EndsWith(unit) && family[^(unit.Length + 1)] == '_');
}
