namespace Pharos.Alerting.TimeIntervals;

/// <summary>A recurring span of time. All fields must agree; within a field one entry is enough; an empty field agrees always.</summary>
public sealed record TimeInterval
{
    /// <summary>Minutes of the day; <see cref="IntRange.First"/> inclusive, <see cref="IntRange.Last"/> already made
    /// inclusive by the parser (the file's end is exclusive).</summary>
    public IReadOnlyList<IntRange> MinutesOfDay { get; init; } = [];

    /// <summary>0 is Sunday, 6 is Saturday.</summary>
    public IReadOnlyList<IntRange> Weekdays { get; init; } = [];

    /// <summary>1 to 31, or -1 (the last day) to -31.</summary>
    public IReadOnlyList<IntRange> DaysOfMonth { get; init; } = [];

    public IReadOnlyList<IntRange> Months { get; init; } = [];

    public IReadOnlyList<IntRange> Years { get; init; } = [];

    public TimeZoneInfo Location { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Whether it says nothing, and so contains every instant.</summary>
    internal bool IsAlways =>
        MinutesOfDay.Count + Weekdays.Count + DaysOfMonth.Count + Months.Count + Years.Count == 0;

    public bool Contains(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, Location);
        return Agrees(MinutesOfDay, (local.Hour * 60) + local.Minute) && IsOnDay(local);
    }

    /// <param name="local">In <see cref="Location"/>.</param>
    /// <returns>Whether some minute of the day may be contained.</returns>
    internal bool IsOnDay(DateTimeOffset local) => Agrees(Weekdays, (int)local.DayOfWeek)
        && Agrees(Months, local.Month)
        && Agrees(Years, local.Year)
        && AgreesOnDay(local);

    private static bool Agrees(IReadOnlyList<IntRange> ranges, int number)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(number))
            {
                return true;
            }
        }
        return ranges.Count == 0;
    }

    private bool AgreesOnDay(DateTimeOffset local)
    {
        var daysInMonth = DateTime.DaysInMonth(local.Year, local.Month);
        foreach (var range in DaysOfMonth)
        {
            var first = range.First < 0 ? daysInMonth + range.First + 1 : range.First;
            var last = range.Last < 0 ? daysInMonth + range.Last + 1 : range.Last;
            // A range that starts beyond a short month is not in it; one that only ends beyond is cut.
            if (first > daysInMonth)
            {
                continue;
            }
            if (local.Day >= Math.Max(first, 1) && local.Day <= Math.Min(last, daysInMonth))
            {
                return true;
            }
        }
        return DaysOfMonth.Count == 0;
    }
}
