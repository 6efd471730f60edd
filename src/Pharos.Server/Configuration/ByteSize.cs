using System.Globalization;
using System.Text;

namespace Pharos.Server.Configuration;

/// <summary>Sizes as Prometheus' files write them: <c>15MB</c>, <c>1.5GiB</c>, <c>1GB512MB</c>; every unit counts by 1024.</summary>
internal static class ByteSize
{
    private const string Units = "KMGTPE";

    /// <summary>The bytes, or null where the text is no size. A number needs its unit, except 0.</summary>
    public static long? Parse(string text)
    {
        if (text == "0")
        {
            return 0;
        }
        var negative = text.StartsWith('-');
        var rest = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        if (rest.Length == 0)
        {
            return null;
        }
        var total = 0.0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var amount))
            {
                return null;
            }
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.") is var next && next < 0 ? rest.Length : next;
            if (Scale(rest[..letters]) is not { } scale)
            {
                return null;
            }
            total += amount * scale;
            rest = rest[letters..];
        }
        return total >= long.MaxValue ? null : (long)(negative ? -total : total);
    }

    /// <summary>A size as Go's units.Base2Bytes prints itself: <c>1GiB512MiB</c>.</summary>
    public static string Format(long bytes)
    {
        if (bytes == 0)
        {
            return "0B";
        }
        var text = new StringBuilder();
        for (var power = Units.Length; power >= 0; power--)
        {
            var unit = 1L << (10 * power);
            if (bytes / unit is var count && count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{(power == 0 ? "" : $"{Units[power - 1]}i")}B");
                bytes %= unit;
            }
        }
        return text.ToString();
    }

    /// <summary>What is wrong with a text that is no size, in Prometheus' words.</summary>
    public static string Fault(string text)
    {
        var rest = text.AsSpan().TrimStart("+-");
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits == 0)
            {
                break;
            }
            rest = digits < 0 ? [] : rest[digits..];
            var letters = rest.IndexOfAny("0123456789.") is var next && next < 0 ? rest.Length : next;
            if (Scale(rest[..letters]) is null)
            {
                return $"units: unknown unit {rest[..letters]} in {text}; a size has a unit, as in 10MB";
            }
            rest = rest[letters..];
        }
        return $"units: invalid {text}; a size is a number with a unit, as in 10MB";
    }

    private static double? Scale(ReadOnlySpan<char> unit)
    {
        if (unit is "B")
        {
            return 1;
        }
        if (unit.Length is not (2 or 3) || unit[^1] != 'B' || (unit.Length == 3 && unit[1] != 'i'))
        {
            return null;
        }
        var power = Units.IndexOf(unit[0], StringComparison.Ordinal);
        return power < 0 ? null : Math.Pow(1024, power + 1);
    }
}
