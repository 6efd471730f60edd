using System.Globalization;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Functions;

/// <summary>Go's <c>time.Time</c> with the methods that templates use, and its layouts.</summary>
/// <remarks>Resolution is 100 ns.</remarks>
public static class GoTime
{
    private static readonly TemplateType Month = new("time.Month")
    {
        Print = static value => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName((int)value.Integer),
    };

    private static readonly TemplateType Weekday = new("time.Weekday")
    {
        Print = static value => ((DayOfWeek)value.Integer).ToString(),
    };

    public static readonly TemplateType Type = new("time.Time")
    {
        Print = static value => Print(At(value)),
        Methods = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["Format"] = new([TemplateFunction.Text], static call => GoTimeLayout.Format(At(call.Receiver), call.Text(0))),
            ["Unix"] = new([], static call => At(call.Receiver).Time.ToUnixTimeSeconds()),
            ["UnixMilli"] = new([], static call => At(call.Receiver).Time.ToUnixTimeMilliseconds()),
            ["UnixNano"] = new([], static call => (At(call.Receiver).Time - DateTimeOffset.UnixEpoch).Ticks * 100),
            ["UTC"] = new([], static call => Of(At(call.Receiver).Time.ToUniversalTime())),
            ["Local"] = new([], static call => Of(At(call.Receiver).Time.ToUniversalTime())),
            ["Year"] = new([], static call => (long)At(call.Receiver).Time.Year),
            ["Day"] = new([], static call => (long)At(call.Receiver).Time.Day),
            ["Hour"] = new([], static call => (long)At(call.Receiver).Time.Hour),
            ["Minute"] = new([], static call => (long)At(call.Receiver).Time.Minute),
            ["Second"] = new([], static call => (long)At(call.Receiver).Time.Second),
            ["YearDay"] = new([], static call => (long)At(call.Receiver).Time.DayOfYear),
            ["Month"] = new([], static call => TemplateValue.Typed(At(call.Receiver).Time.Month, Month)),
            ["Weekday"] = new([], static call => TemplateValue.Typed((long)At(call.Receiver).Time.DayOfWeek, Weekday)),
            ["IsZero"] = new([], static call => At(call.Receiver).Time == DateTimeOffset.MinValue),
            ["String"] = new([], static call => Print(At(call.Receiver))),
            ["Add"] = new(["time.Duration"], static call => Of(At(call.Receiver).Time.AddTicks(call[0].Integer / 100))),
            ["Sub"] = new(["time.Time"], static call => GoDuration.Of(Between(At(call[0]), At(call.Receiver)))),
            ["AddDate"] = new(["int", "int", "int"], static call => Of(AddDate(At(call.Receiver).Time, call[0].Integer, call[1].Integer, call[2].Integer))),
            ["Truncate"] = new(["time.Duration"], static call => Of(Truncated(At(call.Receiver).Time, call[0].Integer / 100))),
            ["Before"] = new(["time.Time"], static call => At(call.Receiver).Time < At(call[0]).Time),
            ["After"] = new(["time.Time"], static call => At(call.Receiver).Time > At(call[0]).Time),
            ["Equal"] = new(["time.Time"], static call => At(call.Receiver).Time == At(call[0]).Time),
        },
    };

    public static TemplateValue Of(DateTimeOffset time, string? zone = null) =>
        new TemplateObject(Type, new ZonedTime(time, zone ?? (time.Offset == TimeSpan.Zero ? "UTC" : null)));

    public static ZonedTime At(TemplateValue value) => (ZonedTime)value.Object.Host;

    /// <summary>Go's durations end at 292 years.</summary>
    private static TimeSpan Between(ZonedTime from, ZonedTime to)
    {
        var ticks = (to.Time - from.Time).Ticks;
        return TimeSpan.FromTicks(Math.Clamp(ticks, long.MinValue / 100, long.MaxValue / 100));
    }

    private static DateTimeOffset AddDate(DateTimeOffset time, long years, long months, long days)
    {
        // Go counts on where a month has no such day: the 31st of April is the 1st of May.
        var first = new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, time.Offset) + time.TimeOfDay;
        return first.AddMonths((int)((years * 12) + months)).AddDays(time.Day - 1 + days);
    }

    /// <summary>Counted from the beginning of all time, as Go does.</summary>
    private static DateTimeOffset Truncated(DateTimeOffset time, long ticks) => ticks <= 0 ? time : time.AddTicks(-(time.UtcTicks % ticks));

    private static string Print(ZonedTime time) => GoTimeLayout.Format(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}
