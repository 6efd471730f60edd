using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>How a scalar's text is read as a truth value, a number or bytes, as Go's YAML library reads it into a typed field.</summary>
internal static class YamlScalarTypes
{
    private const string BinaryTag = "tag:yaml.org,2002:binary";

    public static bool? Flag(string text) => text switch
    {
        "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    public static long? Integer(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-');
        digits = negative || digits.StartsWith('+') ? digits[1..] : digits;
        long? value = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => Parse(hex, 16),
            ['0', 'o' or 'O', .. var octal] => Parse(octal, 8),
            ['0', 'b' or 'B', .. var binary] => Parse(binary, 2),
            ['0', .. var octal] when octal.Length > 0 && octal.All(char.IsAsciiDigit) => Parse(octal, 8),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain : null,
        };
        return negative ? -value : value;
    }

    public static double? Number(string text) => text switch
    {
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        // Go's library knows no NaN and Inf without the dot, and no hexadecimal fractions.
        _ => text.AsSpan().IndexOfAnyExcept("0123456789_.+-eE") < 0
            && GoFloat.TryParse(text.Replace("_", "", StringComparison.Ordinal), out var value) ? value : Integer(text),
    };

    /// <summary>The scalar's text, <c>!!binary</c> decoded; null where the bytes are no base64 or no UTF-8.</summary>
    public static string? Text(YamlScalar scalar)
    {
        if (scalar.Tag != BinaryTag)
        {
            return scalar.Text;
        }
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(scalar.Text));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Why <see cref="Text"/> is null.</summary>
    /// <param name="wanted">What a text of these bytes is not: "valid UTF-8", "a valid label name".</param>
    public static string Fault(YamlScalar scalar, string wanted)
    {
        var bytes = new byte[scalar.Text.Length];
        return Convert.TryFromBase64String(scalar.Text, bytes, out var length)
            ? $"{GoQuote.Quote(GoQuote.FromBytes(bytes.AsSpan(0, length)))} is not {wanted}" : "!!binary value contains invalid base64 data";
    }

    private static long? Parse(string digits, int radix)
    {
        if (digits.Length is 0 or > 63)
        {
            return null;
        }
        var value = 0L;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
            {
                return null;
            }
            value = (value * radix) + digit;
        }
        return value;
    }
}
