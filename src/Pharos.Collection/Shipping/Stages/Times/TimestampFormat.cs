using System.Globalization;

namespace Pharos.Collection.Shipping.Stages.Times;

/// <summary>Reads times in one of the formats that <c>timestamp</c> takes: a named layout, Unix numbers, or a layout of Go.</summary>
public sealed class TimestampFormat(string format, TimeZoneInfo zone)
{
    /// <summary>A time without a year is of the latest year that does not put it further ahead than this: clocks differ.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    private readonly string _layout = GoLayouts.Of(format);

    public bool TryParse(string text, DateTimeOffset now, out long timeNs)
    {
        switch (format)
        {
            case "Unix":
                return TryUnix(text, out timeNs);
            case "UnixMs":
                return TryScaled(text, 1_000_000, out timeNs);
            case "UnixUs":
                return TryScaled(text, 1_000, out timeNs);
            case "UnixNs":
                return TryScaled(text, 1, out timeNs);
        }
        if (!GoLayoutParser.TryParse(_layout, text, zone, out var time))
        {
            timeNs = 0;
            return false;
        }
        timeNs = time.HasYear ? time.UnixNs : InYear(time, now);
        return true;
    }

    private long InYear(ParsedTime time, DateTimeOffset now)
    {
        for (var year = now.Year + 1; ; year--)
        {
            if (time.Local.Day > DateTime.DaysInMonth(year, time.Local.Month))
            {
                continue;
            }
            var local = new DateTime(year, time.Local.Month, time.Local.Day, 0, 0, 0, DateTimeKind.Unspecified) + time.Local.TimeOfDay;
            var there = GoLayoutParser.At(local, time.Nanoseconds, time.Offset, zone, hasYear: true);
            if (there.UnixNs <= (now + MaxAhead - DateTimeOffset.UnixEpoch).Ticks * 100)
            {
                return there.UnixNs;
            }
        }
    }

    private static bool TryUnix(string text, out long timeNs)
    {
        timeNs = 0;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (!long.TryParse(dot < 0 ? text : text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(seconds) > long.MaxValue / 1_000_000_000)
        {
            return false;
        }
        var nanoseconds = 0L;
        if (dot >= 0)
        {
            var digits = text.AsSpan(dot + 1);
            digits = digits.Length > 9 ? digits[..9] : digits;
            if (digits.Length == 0 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds))
            {
                return false;
            }
            for (var i = digits.Length; i < 9; i++)
            {
                nanoseconds *= 10;
            }
        }
        timeNs = (seconds * 1_000_000_000) + (text[0] == '-' ? -nanoseconds : nanoseconds);
        return true;
    }

    private static bool TryScaled(string text, long scale, out long timeNs)
    {
        var good = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) <= long.MaxValue / scale;
        timeNs = good ? number * scale : 0;
        return good;
    }
}
