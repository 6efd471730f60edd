using System.Globalization;

namespace Pharos.Alerting.TimeIntervals;

/// <summary>Reads the texts inside a time interval: <c>monday:friday</c>, <c>-7:-1</c>, <c>09:00</c>, <c>Europe/Berlin</c>.</summary>
/// <remarks>Each method answers null for a good text and otherwise the error, as Alertmanager words it.</remarks>
public static class TimeIntervalParser
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>What a text that is no number is read as.</summary>
    private const int Invalid = int.MinValue;

    private static readonly string[] Weekdays =
        ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
            "december"];

    /// <summary>HH:MM to HH:MM, the end exclusive and up to 24:00.</summary>
    public static string? ParseTimes(string? start, string? end, out IntRange minutes)
    {
        minutes = default;
        if (string.IsNullOrEmpty(start) || string.IsNullOrEmpty(end))
        {
            return "both start and end times must be provided";
        }
        if (!TryMinutes(start, out var first))
        {
            return $"couldn't parse timestamp {start}, invalid format";
        }
        if (!TryMinutes(end, out var last))
        {
            return $"couldn't parse timestamp {end}, invalid format";
        }
        if (first >= last)
        {
            return "start time cannot be equal or greater than end time";
        }
        minutes = new IntRange(first, last - 1);
        return null;
    }

    public static string? ParseWeekdays(string text, out IntRange days) =>
        ParseRange(text, part => Array.IndexOf(Weekdays, part), 0, int.MaxValue,
            part => $"{part} is not a valid weekday", "start day cannot be before end day", out days);

    /// <summary>A name or a number, or a range of either; a number outside 1 to 12 is taken and names no month.</summary>
    public static string? ParseMonths(string text, out IntRange months) =>
        ParseRange(text, MonthNumber, Invalid + 1, int.MaxValue, part => $"{part} is not a valid month", null, out months)
            is { } error ? error : months.First > months.Last
            ? $"end month {months.Last} is before start month {months.First}" : null;

    public static string? ParseYears(string text, out IntRange years) =>
        ParseRange(text, part => Number(part) ?? Invalid, Invalid + 1, int.MaxValue,
            part => $"failed to parse year {part}", null, out years)
            is { } error ? error : years.First > years.Last
            ? $"end year {years.Last} is before start year {years.First}" : null;

    public static string? ParseDaysOfMonth(string text, out IntRange days)
    {
        if (ParseRange(text, part => Number(part) ?? Invalid, -31, 31,
            part => $"{part} is not a valid day of the month: out of range", null, out days) is { } error)
        {
            return error;
        }
        if (days.First == 0 || days.Last == 0)
        {
            return "0 is not a valid day of the month: out of range";
        }
        if (days.First < 0 && days.Last > 0)
        {
            return "end day must be negative if start day is negative";
        }
        // With the shortest month in mind, as Alertmanager.
        var first = days.First < 0 ? 28 + days.First : days.First;
        var last = days.Last < 0 ? 28 + days.Last : days.Last;
        return first > last ? $"end day {days.Last} is always before start day {days.First}" : null;
    }

    /// <summary>An IANA name, <c>Local</c> or <c>UTC</c>; the empty text is UTC.</summary>
    public static string? ParseLocation(string text, out TimeZoneInfo location)
    {
        location = TimeZoneInfo.Utc;
        if (text is "" or "UTC")
        {
            return null;
        }
        if (text == "Local")
        {
            location = TimeZoneInfo.Local;
            return null;
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(text, out var found))
        {
            return $"unknown time zone {text}";
        }
        location = found;
        return null;
    }

    private static string? ParseRange(string text, Func<string, int> read, int min, int max,
        Func<string, string> invalid, string? reversed, out IntRange range)
    {
        range = default;
        var parts = text.ToLowerInvariant().Split(':');
        if (parts.Length > 2)
        {
            return $"invalid range {text}";
        }
        var first = read(parts[0]);
        var last = parts.Length == 2 ? read(parts[1]) : first;
        if (first < min || first > max)
        {
            return invalid(parts[0]);
        }
        if (last < min || last > max)
        {
            return invalid(parts[^1]);
        }
        range = new IntRange(first, last);
        return reversed is not null && first > last ? reversed : null;
    }

    private static int MonthNumber(string text) =>
        Array.IndexOf(Months, text) is var at && at >= 0 ? at + 1 : Number(text) ?? Invalid;

    /// <summary>What no day, month or year can be is cut to what an int holds.</summary>
    private static int? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (int)Math.Clamp(number, Invalid + 1, int.MaxValue) : null;

    private static bool TryMinutes(string text, out int minutes)
    {
        minutes = 0;
        if (text.Length != 5 || text[2] != ':' || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[1])
            || !char.IsAsciiDigit(text[3]) || !char.IsAsciiDigit(text[4]))
        {
            return false;
        }
        minutes = (((text[0] - '0') * 10) + text[1] - '0') * 60 + ((text[3] - '0') * 10) + text[4] - '0';
        return text[3] < '6' && minutes <= MinutesPerDay;
    }
}
