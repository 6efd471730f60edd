using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Values;

/// <summary>Go's <c>strconv.FormatFloat</c> with a precision.</summary>
internal static class GoFloatFormat
{
    private const int DefaultPrecision = 6;

    // .NET formats exactly up to this many digits; a double has no more that differ from zero.
    private const int MaxDigits = 1100;

    private const int FractionBits = 52;

    /// <summary>What <c>%#x</c> fills up to: six digits with the two before the point.</summary>
    private const int SharpFractionDigits = 4;

    /// <param name="value">Not negative.</param>
    public static string Format(double value, char verb, FormatFlags flags)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : "Inf";
        }
        var precision = flags.Precision is { } given ? Math.Min(given, MaxDigits) : (int?)null;
        return verb switch
        {
            'f' or 'F' => Fixed(value, precision ?? DefaultPrecision, flags.Sharp),
            'e' => Exponent(value, precision ?? DefaultPrecision, 'e', flags.Sharp),
            'E' => Exponent(value, precision ?? DefaultPrecision, 'E', flags.Sharp),
            'x' => Hexadecimal(value, precision, flags.Sharp),
            'X' => Hexadecimal(value, precision, flags.Sharp).ToUpperInvariant(),
            'b' => Binary(value),
            'G' => General(value, precision, flags.Sharp).Replace('e', 'E'),
            _ => General(value, precision, flags.Sharp),
        };
    }

    /// <summary><c>%.4g</c> and its like.</summary>
    public static string General(double value, int significantDigits) => General(Math.Abs(value), significantDigits, false) is var text
        && !double.IsFinite(value) ? (double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf")
        : (double.IsNegative(value) ? "-" : "") + text;

    private static string Fixed(double value, int precision, bool keepsPoint) =>
        value.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) +
        (keepsPoint && precision == 0 ? "." : "");

    private static string Exponent(double value, int precision, char e, bool keepsPoint)
    {
        var text = value.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        // .NET writes three digits of exponent, Go two.
        var at = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return text[..at] + (keepsPoint && precision == 0 ? "." : "") + e + (exponent < 0 ? '-' : '+') +
            Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
    }

    /// <summary><c>0x1.8p+01</c>: the fraction in hexadecimal digits, the exponent of two in decimal ones.</summary>
    private static string Hexadecimal(double value, int? precision, bool keepsPoint)
    {
        var atLeast = precision ?? (keepsPoint ? SharpFractionDigits : 0);
        if (value == 0)
        {
            return $"0x0{(atLeast > 0 || keepsPoint ? "." : "")}{new string('0', atLeast)}p+00";
        }
        var (mantissa, exponent) = Parts(value);
        exponent += FractionBits;
        while (mantissa < 1L << FractionBits)
        {
            mantissa <<= 1;
            exponent--;
        }
        var digits = FractionBits / 4;
        if (precision < digits)
        {
            // To the nearest, in the middle to the even one.
            var dropped = FractionBits - (4 * precision.Value);
            var kept = mantissa >> dropped;
            var rest = mantissa - (kept << dropped);
            var half = 1L << (dropped - 1);
            mantissa = (rest > half || (rest == half && (kept & 1) == 1) ? kept + 1 : kept) << dropped;
            if (mantissa >= 2L << FractionBits)
            {
                mantissa >>= 1;
                exponent++;
            }
        }
        var fraction = (mantissa & ((1L << FractionBits) - 1)).ToString("x13", CultureInfo.InvariantCulture);
        fraction = precision is { } given ? fraction.PadRight(given, '0')[..given] : fraction.TrimEnd('0').PadRight(atLeast, '0');
        return (fraction.Length > 0 || keepsPoint ? "0x1." : "0x1") + fraction + 'p' + (exponent < 0 ? '-' : '+')
            + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
    }

    /// <summary><c>4503599627370496p-52</c>: a whole number, and the exponent of two behind it.</summary>
    private static string Binary(double value)
    {
        var (mantissa, exponent) = Parts(value);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}p{(exponent < 0 ? "" : "+")}{exponent}");
    }

    private static (long Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var (biased, fraction) = ((int)(bits >> FractionBits), bits & ((1L << FractionBits) - 1));
        // IEEE 754: below the smallest normal number there is no leading one.
        return biased == 0 ? (fraction, -1074) : (fraction | (1L << FractionBits), biased - 1075);
    }

    private static string General(double value, int? precision, bool keepsZeros)
    {
        if (precision is null && !keepsZeros)
        {
            return GoFloat.FormatG(value);
        }
        if (!double.IsFinite(value))
        {
            return "";
        }
        var digits = precision ?? DefaultPrecision;
        digits = Math.Max(digits, 1);
        var scientific = Exponent(value, digits - 1, 'e', false);
        var at = scientific.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        // The exponent form starts at the precision, or, for a number with fewer digits than that and all of them
        // before the point, still there.
        if (exponent < -4 || exponent >= digits)
        {
            return keepsZeros ? scientific : WithoutZeros(scientific[..at]) + scientific[at..];
        }
        var plain = Fixed(value, Math.Max(digits - 1 - exponent, 0), false);
        return keepsZeros ? plain : WithoutZeros(plain);
    }

    private static string WithoutZeros(string digits) =>
        digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;
}
