using System.Globalization;
using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Prometheus' durations: <c>1h30m</c>; units y w d h m s ms, each at most once, in that order; <c>0</c> alone.</summary>
public static class PrometheusDuration
{
    private static readonly (string Unit, long Ms)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000), ("w", 7L * 24 * 3600 * 1000), ("d", 24L * 3600 * 1000), ("h", 3600L * 1000),
        ("m", 60L * 1000), ("s", 1000L), ("ms", 1L),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }
        if (text.Length == 0)
        {
            return false;
        }
        var total = 0L;
        var nextUnit = 0;
        while (text.Length > 0)
        {
            var digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                digits++;
            }
            if (digits == 0 || digits > 18)
            {
                return false;
            }
            var amount = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[digits..];
            var letters = 0;
            while (letters < text.Length && char.IsAsciiLetter(text[letters]))
            {
                letters++;
            }
            var unit = text[..letters].ToString();
            var at = Array.FindIndex(Units, u => u.Unit == unit);
            if (at < nextUnit || at < 0)
            {
                return false;
            }
            nextUnit = at + 1;
            text = text[letters..];
            // Go's Duration is a 64-bit count of nanoseconds.
            if (amount > (long.MaxValue / 1_000_000 - total) / Units[at].Ms)
            {
                return false;
            }
            total += amount * Units[at].Ms;
        }
        duration = TimeSpan.FromMilliseconds(total);
        return true;
    }

    /// <summary>What Prometheus says of a text that <see cref="TryParse"/> refuses.</summary>
    public static string Fault(string text)
    {
        if (text.Length == 0)
        {
            return "empty duration string";
        }
        var notValid = $"not a valid duration string: {GoQuote.Quote(text)}";
        var nextUnit = 0;
        for (var i = 0; i < text.Length;)
        {
            var unitAt = i;
            while (unitAt < text.Length && char.IsAsciiDigit(text[unitAt]))
            {
                unitAt++;
            }
            var end = unitAt;
            while (end < text.Length && !char.IsAsciiDigit(text[end]))
            {
                end++;
            }
            if (unitAt == i || end == unitAt || !ulong.TryParse(text.AsSpan(i, unitAt - i), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return notValid;
            }
            var unit = text[unitAt..end];
            var at = Array.FindIndex(Units, known => known.Unit == unit);
            if (at < nextUnit)
            {
                return at < 0 ? $"unknown unit {GoQuote.Quote(unit)} in duration {GoQuote.Quote(text)}" : notValid;
            }
            nextUnit = at + 1;
            i = end;
        }
        return "duration out of range";
    }

    /// <summary>The shortest form that reads back the same: years and weeks only where nothing is left over.</summary>
    public static string Format(TimeSpan duration)
    {
        var ms = (long)duration.TotalMilliseconds;
        if (ms == 0)
        {
            return "0s";
        }
        var text = new StringBuilder();
        if (ms < 0)
        {
            text.Append('-');
            ms = -ms;
        }
        foreach (var (unit, size) in Units)
        {
            var exactOnly = unit is "y" or "w";
            if (exactOnly ? ms % size == 0 && ms > 0 : ms >= size)
            {
                text.Append(CultureInfo.InvariantCulture, $"{ms / size}{unit}");
                ms %= size;
            }
        }
        return text.ToString();
    }
}
