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
}
