using System.Text.Json.Serialization;

namespace Pharos.Alerting.TimeIntervals;

/// <summary>A time interval as it is written: the keys and texts of <c>time_intervals</c> in alertmanager.yml.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TimeIntervalText
{
    [JsonPropertyName("times")]
    public IReadOnlyList<TimeRange> Times { get; init; } = [];

    [JsonPropertyName("weekdays")]
    public IReadOnlyList<string> Weekdays { get; init; } = [];

    [JsonPropertyName("days_of_month")]
    public IReadOnlyList<string> DaysOfMonth { get; init; } = [];

    [JsonPropertyName("months")]
    public IReadOnlyList<string> Months { get; init; } = [];

    [JsonPropertyName("years")]
    public IReadOnlyList<string> Years { get; init; } = [];

    /// <summary>An IANA name, <c>Local</c>, or empty for UTC.</summary>
    [JsonPropertyName("location")]
    public string Location { get; init; } = "";

    private delegate string? RangeParser(string text, out IntRange range);

    /// <returns>The interval, or null with what is wrong.</returns>
    public TimeInterval? Parse(out string error)
    {
        error = "";
        var times = new List<IntRange>();
        foreach (var time in Times)
        {
            if (TimeIntervalParser.ParseTimes(time.StartTime, time.EndTime, out var minutes) is { } problem)
            {
                error = problem;
                return null;
            }
            times.Add(minutes);
        }
        if (Ranges(Weekdays, TimeIntervalParser.ParseWeekdays, ref error) is not { } weekdays
            || Ranges(DaysOfMonth, TimeIntervalParser.ParseDaysOfMonth, ref error) is not { } days
            || Ranges(Months, TimeIntervalParser.ParseMonths, ref error) is not { } months
            || Ranges(Years, TimeIntervalParser.ParseYears, ref error) is not { } years)
        {
            return null;
        }
        if (TimeIntervalParser.ParseLocation(Location, out var location) is { } unknown)
        {
            error = unknown;
            return null;
        }
        return new TimeInterval
        {
            MinutesOfDay = times, Weekdays = weekdays, DaysOfMonth = days, Months = months, Years = years, Location = location,
        };
    }

    private static List<IntRange>? Ranges(IReadOnlyList<string> texts, RangeParser parse, ref string error)
    {
        var ranges = new List<IntRange>();
        foreach (var text in texts)
        {
            if (parse(text, out var range) is { } problem)
            {
                error = problem;
                return null;
            }
            ranges.Add(range);
        }
        return ranges;
    }

    /// <param name="EndTime">Exclusive; up to 24:00.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record TimeRange(
        [property: JsonPropertyName("start_time")] string StartTime, [property: JsonPropertyName("end_time")] string EndTime);
}
