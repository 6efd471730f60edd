using System.Globalization;
using System.Text;
using Pharos.Storage.Model;

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
            // A number out of range reads as an infinity, which Go reports as an error.
            return double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        }
        return TryParseWord(text, first, out value);
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
