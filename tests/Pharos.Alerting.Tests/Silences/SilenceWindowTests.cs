using System.Globalization;
using Pharos.Alerting.Silences;
using Pharos.Alerting.TimeIntervals;

namespace Pharos.Alerting.Tests.Silences;

public sealed class SilenceWindowTests
{
    [Theory]
    // A Monday at noon, 2026-03-02.
    [InlineData("12:30", "13:00", "", "UTC", "2026-03-02T12:00:00Z", "2026-03-02T12:30:00Z", "2026-03-02T13:00:00Z")]
    [InlineData("11:00", "13:00", "", "UTC", "2026-03-02T12:00:30Z", "2026-03-02T12:00:30Z", "2026-03-02T13:00:00Z")]
    [InlineData("22:00", "24:00", "saturday", "UTC", "2026-03-02T12:00:00Z", "2026-03-07T22:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("00:00", "06:00", "monday", "Europe/Berlin", "2026-03-02T12:00:00Z", "2026-03-08T23:00:00Z", "2026-03-09T05:00:00Z")]
    // The clocks go forward on 29 March and the night is an hour shorter; back on 25 October.
    [InlineData("01:00", "04:00", "sunday", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z")]
    [InlineData("01:00", "04:00", "sunday", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z")]
    public void Next_is_the_first_window_ahead(string start, string end, string weekday, string location, string from, string startsAt, string endsAt) =>
        Assert.Equal(
            new SilenceWindow(Time(startsAt), Time(endsAt)),
            Next(from, "2100-01-01T00:00:00Z", new TimeIntervalText
            {
                Times = [new(start, end)], Weekdays = weekday.Length > 0 ? [weekday] : [], Location = location,
            }));

    [Fact]
    public void Two_intervals_that_touch_are_one_window()
    {
        var evening = new TimeIntervalText { Weekdays = ["saturday"], Times = [new("20:00", "24:00")] };
        var night = new TimeIntervalText { Weekdays = ["sunday"], Times = [new("00:00", "04:00")] };
        Assert.Equal(
            new SilenceWindow(Time("2026-03-07T20:00:00Z"), Time("2026-03-08T04:00:00Z")), Next("2026-03-02T12:00:00Z", "2100-01-01T00:00:00Z", evening, night));
    }

    [Fact]
    public void A_window_is_cut_at_the_end_and_after_the_longest_time()
    {
        var always = new TimeIntervalText { Years = ["2026:2027"] };
        Assert.Equal(
            new SilenceWindow(Time("2026-03-02T12:00:00Z"), Time("2026-04-02T12:00:00Z")), Next("2026-03-02T12:00:00Z", "2100-01-01T00:00:00Z", always));
        Assert.Equal(
            new SilenceWindow(Time("2026-03-02T12:00:00Z"), Time("2026-03-03T00:00:00Z")), Next("2026-03-02T12:00:00Z", "2026-03-03T00:00:00Z", always));
    }

    [Fact]
    public void A_leap_day_is_found_and_what_never_comes_is_not()
    {
        var leap = new TimeIntervalText { Months = ["february"], DaysOfMonth = ["29"] };
        Assert.Equal(
            new SilenceWindow(Time("2028-02-29T00:00:00Z"), Time("2028-03-01T00:00:00Z")), Next("2026-03-02T12:00:00Z", "2100-01-01T00:00:00Z", leap));
        Assert.Null(Next("2026-03-02T12:00:00Z", "2100-01-01T00:00:00Z", leap with { DaysOfMonth = ["30"] }));
        Assert.Null(Next("2026-03-02T12:00:00Z", "2027-01-01T00:00:00Z", leap));
    }

    private static SilenceWindow? Next(string from, string until, params TimeIntervalText[] intervals) =>
        SilenceWindow.Next([.. intervals.Select(text => text.Parse(out _)!)], Time(from), Time(until));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
