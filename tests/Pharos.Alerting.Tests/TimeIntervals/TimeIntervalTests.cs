using System.Globalization;
using Pharos.Alerting.TimeIntervals;

namespace Pharos.Alerting.Tests.TimeIntervals;

public sealed class TimeIntervalTests
{
    [Theory]
    [InlineData("times=09:00-17:00", "2026-03-02T09:00Z", true)]
    [InlineData("times=09:00-17:00", "2026-03-02T16:59Z", true)]
    [InlineData("times=09:00-17:00", "2026-03-02T17:00Z", false)]
    [InlineData("times=23:00-24:00", "2026-03-02T23:59Z", true)]
    [InlineData("weekdays=monday:friday", "2026-03-06T12:00Z", true)]
    [InlineData("weekdays=Monday:Friday", "2026-03-07T12:00Z", false)]
    [InlineData("days=1:7", "2026-03-07T12:00Z", true)]
    [InlineData("days=-1", "2026-02-28T12:00Z", true)]
    [InlineData("days=-7:-1", "2026-02-21T12:00Z", false)]
    [InlineData("days=25:31", "2026-02-28T12:00Z", true)]
    [InlineData("days=31", "2026-04-30T12:00Z", false)]
    [InlineData("days=10:-5", "2026-02-24T12:00Z", true)]
    [InlineData("days=10:-5", "2026-02-25T12:00Z", false)]
    [InlineData("months=january:march", "2026-03-31T23:59Z", true)]
    [InlineData("months=5:7", "2026-03-31T23:59Z", false)]
    [InlineData("years=2025:2026", "2026-03-31T23:59Z", true)]
    [InlineData("years=2027", "2026-03-31T23:59Z", false)]
    [InlineData("times=00:00-01:00 location=Europe/Berlin", "2026-07-01T22:30Z", true)]
    [InlineData("times=00:00-01:00 location=Europe/Berlin", "2026-01-01T22:30Z", false)]
    [InlineData("weekdays=sunday months=march times=12:00-13:00", "2026-03-01T12:30Z", true)]
    [InlineData("weekdays=sunday months=march times=12:00-13:00", "2026-03-02T12:30Z", false)]
    [InlineData("", "2026-03-02T12:30Z", true)]
    public void Contains(string interval, string instant, bool expected) =>
        Assert.Equal(expected, Read(interval).Contains(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));

    [Fact]
    public void Wrong_texts_are_named()
    {
        Assert.NotNull(TimeIntervalParser.ParseTimes("09:00", "09:00", out _));
        Assert.NotNull(TimeIntervalParser.ParseTimes("9:00", "10:00", out _));
        Assert.NotNull(TimeIntervalParser.ParseTimes("23:00", "24:01", out _));
        Assert.NotNull(TimeIntervalParser.ParseTimes("23:00", null, out _));
        Assert.NotNull(TimeIntervalParser.ParseWeekdays("friday:monday", out _));
        Assert.NotNull(TimeIntervalParser.ParseWeekdays("1:5", out _));
        Assert.NotNull(TimeIntervalParser.ParseDaysOfMonth("0", out _));
        Assert.NotNull(TimeIntervalParser.ParseDaysOfMonth("-5:5", out _));
        Assert.NotNull(TimeIntervalParser.ParseDaysOfMonth("32", out _));
        Assert.NotNull(TimeIntervalParser.ParseMonths(" may", out _));
        Assert.NotNull(TimeIntervalParser.ParseDaysOfMonth("9:-20", out _));
        Assert.NotNull(TimeIntervalParser.ParseMonths("may:april", out _));
        Assert.NotNull(TimeIntervalParser.ParseYears("2026:2025", out _));
        Assert.NotNull(TimeIntervalParser.ParseLocation("Europe/Nowhere", out _));
    }

    private static TimeInterval Read(string text)
    {
        var interval = new TimeInterval();
        foreach (var field in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (field.Split('=')[0], field.Split('=')[1]);
            var range = default(IntRange);
            var zone = TimeZoneInfo.Utc;
            Assert.Null(name switch
            {
                "times" => TimeIntervalParser.ParseTimes(value.Split('-')[0], value.Split('-')[1], out range),
                "weekdays" => TimeIntervalParser.ParseWeekdays(value, out range),
                "days" => TimeIntervalParser.ParseDaysOfMonth(value, out range),
                "months" => TimeIntervalParser.ParseMonths(value, out range),
                "years" => TimeIntervalParser.ParseYears(value, out range),
                _ => TimeIntervalParser.ParseLocation(value, out zone),
            });
            interval = name switch
            {
                "times" => interval with { MinutesOfDay = [range] },
                "weekdays" => interval with { Weekdays = [range] },
                "days" => interval with { DaysOfMonth = [range] },
                "months" => interval with { Months = [range] },
                "years" => interval with { Years = [range] },
                _ => interval with { Location = zone },
            };
        }
        return interval;
    }
}
