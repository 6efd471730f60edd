using System.Globalization;
using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>Numbers of the exposition formats: what Go read before 1.13, so no hexadecimal and no underscores.</summary>
internal static class ExpositionNumber
{
    private const NumberStyles Decimal =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        if (text.IsEmpty)
        {
            value = 0;
            return false;
        }
        var first = text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (first < text.Length && (char.IsAsciiDigit((char)text[first]) || text[first] == '.'))
        {
            // A number out of range reads as an infinity, which Go reports as an error. Zero bytes behind a number, which
            // the framework passes over, are one, too.
            return double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && text[^1] != 0;
        }
        return TryParseWord(text, first, out value);
    }

    /// <summary>What Prometheus says of a text that is no number.</summary>
    public static string Problem(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny("pP_"u8))
        {
            return "unsupported character in float";
        }
        var outOfRange = !text.IsEmpty && char.IsAsciiDigit((char)text[^1])
            && double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var value) && double.IsInfinity(value);
        return $"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: {(outOfRange ? "value out of range" : "invalid syntax")}";
    }

    private static bool TryParseWord(ReadOnlySpan<byte> text, int first, out double value)
    {
        var word = text[first..];
        if (Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        value = StaleMarker.NormalNaN;
        return first == 0 && Ascii.EqualsIgnoreCase(word, "nan"u8);
    }
}
