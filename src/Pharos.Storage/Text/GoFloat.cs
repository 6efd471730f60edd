using System.Globalization;
using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Floats as Go's <c>strconv</c> writes and reads them.</summary>
public static class GoFloat
{
    /// <summary><c>FormatFloat(v, 'f', -1, 64)</c>: never an exponent. The API and <c>ALERTS</c> values use it.</summary>
    public static string FormatF(double value)
    {
        if (!double.IsFinite(value))
        {
            return NonFinite(value);
        }
        var (negative, digits, pointAt) = Shortest(value);
        var text = new StringBuilder();
        if (negative)
        {
            text.Append('-');
        }
        if (pointAt <= 0)
        {
            text.Append('0');
        }
        else
        {
            text.Append(digits.AsSpan(0, Math.Min(pointAt, digits.Length)));
            text.Append('0', Math.Max(0, pointAt - digits.Length));
        }
        if (pointAt < digits.Length)
        {
            text.Append('.').Append('0', Math.Max(0, -pointAt)).Append(digits.AsSpan(Math.Max(0, pointAt)));
        }
        return text.ToString();
    }

    /// <summary><c>FormatFloat(v, 'g', -1, 64)</c>: an exponent below 1e-4 and from a million on
    /// (<c>1e+06</c>). What <c>%v</c> prints and exposition formats carry.</summary>
    public static string FormatG(double value)
    {
        var magnitude = Math.Abs(value);
        return !double.IsFinite(value) ? NonFinite(value)
            : magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e6) ? FormatF(value) : FormatE(value);
    }

    /// <summary>What Prometheus' JSON carries: plain digits, an exponent only below 1e-6 and from 1e+21 on.</summary>
    public static string FormatJson(double value)
    {
        var magnitude = Math.Abs(value);
        return !double.IsFinite(value) ? NonFinite(value)
            : magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21) ? FormatF(value) : FormatE(value);
    }

    /// <summary><c>FormatFloat(v, 'E', -1, 64)</c>: always an exponent, as rule tests print (<c>1.5E+00</c>).</summary>
    public static string FormatUpperE(double value) =>
        double.IsFinite(value) ? FormatE(value).Replace('e', 'E') : NonFinite(value);

    private static string FormatE(double value)
    {
        var (negative, digits, pointAt) = Shortest(value);
        var exponent = pointAt - 1;
        var text = new StringBuilder();
        if (negative)
        {
            text.Append('-');
        }
        text.Append(digits[0]);
        if (digits.Length > 1)
        {
            text.Append('.').Append(digits.AsSpan(1));
        }
        text.Append('e').Append(exponent < 0 ? '-' : '+');
        return text.Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    /// <summary><c>strconv.ParseFloat</c>: decimal and hexadecimal, <c>_</c> not allowed, any case of Inf, Infinity, NaN.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        if (text.Length == 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
        {
            return false;
        }
        var unsigned = text[0] is '+' or '-' ? text[1..] : text;
        if (unsigned.Length == 0)
        {
            return false;
        }
        var negative = text[0] == '-';
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) ||
            unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = Model.StaleMarker.NormalNaN;
            return unsigned.Length == text.Length;
        }
        if (unsigned.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return TryParseHex(unsigned[2..], negative, out value);
        }
        if (!char.IsAsciiDigit(unsigned[0]) && unsigned[0] != '.')
        {
            return false;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint |
            NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, bool negative, out double value)
    {
        value = 0;
        var exponentAt = text.IndexOfAny('p', 'P');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }
        var digits = 0;
        var afterPoint = false;
        foreach (var c in mantissa)
        {
            if (c == '.' && !afterPoint)
            {
                afterPoint = true;
                continue;
            }
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
            value = (value * 16) + Convert.ToInt32(c.ToString(), 16);
            digits++;
            exponent -= afterPoint ? 4 : 0;
        }
        value = Math.ScaleB(negative ? -value : value, exponent);
        return digits > 0;
    }

    private static string NonFinite(double value) =>
        double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

    /// <summary>The shortest digits that read back as the value, and where the decimal point stands among them.</summary>
    private static (bool Negative, string Digits, int PointAt) Shortest(double value)
    {
        var negative = double.IsNegative(value);
        if (value == 0)
        {
            return (negative, "0", 1);
        }
        var digits = ShortestDecimal.Find(Math.Abs(value), out var exponent).ToString(CultureInfo.InvariantCulture);
        return (negative, digits.TrimEnd('0'), digits.Length + exponent);
    }
}
