using System.Globalization;

namespace Pharos.Storage.Text;

/// <summary>Durations as Go's <c>time.Duration</c> prints them: <c>2h0m0s</c>, <c>1m0.001s</c>, <c>1ms</c>.</summary>
public static class GoDuration
{
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }
        var sign = duration < TimeSpan.Zero ? "-" : "";
        var ticks = (ulong)Math.Abs(duration.Ticks);
        if (ticks < TimeSpan.TicksPerSecond)
        {
            return sign + Small(ticks);
        }
        var seconds = (ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        var minutes = ticks / TimeSpan.TicksPerMinute % 60;
        var hours = ticks / TimeSpan.TicksPerHour;
        var text = $"{seconds.ToString("0.#######", CultureInfo.InvariantCulture)}s";
        return hours > 0 ? $"{sign}{hours}h{minutes}m{text}" : minutes > 0 ? $"{sign}{minutes}m{text}" : sign + text;
    }

    private static string Small(ulong ticks)
    {
        var (unit, per) = ticks >= TimeSpan.TicksPerMillisecond ? ("ms", TimeSpan.TicksPerMillisecond)
            : ticks >= TimeSpan.TicksPerMicrosecond ? ("µs", TimeSpan.TicksPerMicrosecond) : ("ns", 1);
        var number = unit == "ns" ? ticks * TimeSpan.NanosecondsPerTick : ticks / (decimal)per;
        return number.ToString("0.#######", CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>As <see cref="Format"/>, to the nanosecond.</summary>
    public static string FormatNs(long nanoseconds)
    {
        var duration = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        if (nanoseconds % TimeSpan.NanosecondsPerTick == 0)
        {
            return Format(duration);
        }
        var sign = nanoseconds < 0 ? "-" : "";
        var magnitude = nanoseconds < 0 ? (ulong)-(nanoseconds + 1) + 1 : (ulong)nanoseconds;
        if (magnitude < 1_000_000_000)
        {
            var (unit, per) = magnitude >= 1_000_000 ? ("ms", 1_000_000m) : magnitude >= 1000 ? ("\u00b5s", 1000m) : ("ns", 1m);
            return sign + (magnitude / per).ToString("0.######", CultureInfo.InvariantCulture) + unit;
        }
        var seconds = (magnitude % 60_000_000_000 / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture);
        var (minutes, hours) = (magnitude / 60_000_000_000 % 60, magnitude / 3_600_000_000_000);
        return hours > 0 ? $"{sign}{hours}h{minutes}m{seconds}s" : minutes > 0 ? $"{sign}{minutes}m{seconds}s" : $"{sign}{seconds}s";
    }

    /// <summary>Reads what Go's <c>time.ParseDuration</c> reads: numbers with a unit each, <c>1h30m</c>, <c>1.5s</c>, <c>0</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        if (rest is "0")
        {
            return true;
        }
        double ticks = 0;
        var any = false;
        for (; rest.Length > 0; any = true)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            rest = rest[digits..];
            var end = rest.IndexOfAny("0123456789.");
            var unit = end < 0 ? rest : rest[..end];
            if (TicksOf(unit) is not { } each)
            {
                return false;
            }
            ticks += number * each;
            rest = rest[unit.Length..];
        }
        if (!any || ticks > long.MaxValue / 2)
        {
            return false;
        }
        duration = TimeSpan.FromTicks((long)Math.Round(text[0] == '-' ? -ticks : ticks));
        return true;
    }

    private static double? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => TimeSpan.TicksPerMicrosecond / 1000.0,
        "us" or "\u00b5s" or "\u03bcs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
