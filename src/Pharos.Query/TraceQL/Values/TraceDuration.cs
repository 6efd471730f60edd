using System.Globalization;

namespace Pharos.Query.TraceQL.Values;

/// <summary>Reads durations as Go does, to the nanosecond: <c>1h30m</c>, <c>1.5s</c>, <c>100us</c>.</summary>
public static class TraceDuration
{
    public static bool TryParse(ReadOnlySpan<char> text, out long ns)
    {
        ns = 0;
        var total = 0m;
        var isNegative = text.Length > 0 && text[0] == '-';
        var rest = isNegative || (text.Length > 0 && text[0] == '+') ? text[1..] : text;
        if (rest.IsEmpty || rest.Length > 100)
        {
            return false;
        }
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            rest = rest[digits..];
            var end = rest.IndexOfAny("0123456789.");
            var unit = end < 0 ? rest : rest[..end];
            rest = rest[unit.Length..];
            var size = unit switch
            {
                "ns" => 1m,
                "us" or "µs" or "μs" => 1_000m,
                "ms" => 1_000_000m,
                "s" => 1_000_000_000m,
                "m" => 60_000_000_000m,
                "h" => 3_600_000_000_000m,
                "d" => 86_400_000_000_000m,
                _ => 0m,
            };
            if (size == 0 || number > long.MaxValue / size)
            {
                return false;
            }
            total += number * size;
        }
        if (total > long.MaxValue)
        {
            return false;
        }
        ns = (long)(isNegative ? -total : total);
        return true;
    }
}
