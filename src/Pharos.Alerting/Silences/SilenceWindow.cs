using Pharos.Alerting.TimeIntervals;

namespace Pharos.Alerting.Silences;

/// <summary>One stretch of time in which a recurring silence holds: from <paramref name="StartsAt"/> until before <paramref name="EndsAt"/>.</summary>
internal sealed record SilenceWindow(DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    /// <summary>A longer one is cut; the next one then begins where it ends.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary>How far ahead is looked: a 29 February may be eight years away.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(8 * 366);

    /// <summary>How much of a day is looked at minute by minute, so that a clock that is put forward or back skips no midnight.</summary>
    private const int CarefulMinutes = 180;

    /// <summary>The first window at or after <paramref name="from"/>; one that has begun before is cut to begin there.</summary>
    /// <param name="until">The window begins and ends before.</param>
    /// <returns>Null where none lies ahead.</returns>
    public static SilenceWindow? Next(IReadOnlyList<TimeInterval> intervals, DateTimeOffset from, DateTimeOffset until)
    {
        var last = until - from > Horizon ? from + Horizon : until;
        var start = Minute(from);
        while (!Contains(intervals, start))
        {
            start += Step(intervals, start);
            if (start >= last)
            {
                return null;
            }
        }
        var end = start;
        while (end - start < Longest && Contains(intervals, end))
        {
            end = end.AddMinutes(1);
        }
        start = start < from ? from : start;
        return start >= last ? null : new SilenceWindow(start, end < until ? end : until);
    }

    private static bool Contains(IReadOnlyList<TimeInterval> intervals, DateTimeOffset instant)
    {
        foreach (var interval in intervals)
        {
            if (interval.Contains(instant))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>To the next minute, or over most of a day that no interval wants.</summary>
    private static TimeSpan Step(IReadOnlyList<TimeInterval> intervals, DateTimeOffset instant)
    {
        var minutes = int.MaxValue;
        foreach (var interval in intervals)
        {
            var local = TimeZoneInfo.ConvertTime(instant, interval.Location);
            var left = (24 * 60) - ((local.Hour * 60) + local.Minute) - CarefulMinutes;
            minutes = Math.Min(minutes, interval.IsOnDay(local) ? 1 : Math.Max(left, 1));
        }
        return TimeSpan.FromMinutes(minutes);
    }

    private static DateTimeOffset Minute(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerMinute));
}
