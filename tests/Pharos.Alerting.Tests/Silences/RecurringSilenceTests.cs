using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Alerting.TimeIntervals;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Tests.Silences;

/// <summary>Silences that come back, that are for one receiver, and that say before they end; zero of the clock is 2026-03-02 12:00 UTC.</summary>
public sealed class RecurringSilenceTests
{
    private const double Day = 86_400;

    private readonly RecordingNotifier _told = new();

    [Fact]
    public async Task Each_window_silences_from_its_first_instant_and_then_it_is_over()
    {
        await using var line = new Timeline(Timeline.Configure(_told, wait: 0, interval: 60, repeat: 60));
        var id = Add(line, "12:10", "12:20");
        for (var day = 0; day < 2; day++)
        {
            var noon = day * Day;
            line.Until(noon + 590);
            Assert.Equal([SilenceState.Pending], StatesOf(line, id));
            line.Fire(noon + 599, $"A day={day}", end: noon + 1500);
            line.Fire(noon + 600, $"B day={day}", end: noon + 1500);
            Assert.Equal(AlertState.Suppressed, line.Pipeline.Alerts()[0].State);
            Assert.Contains(SilenceState.Active, StatesOf(line, id));
            line.Until(noon + 1199);
            Assert.All(line.Pipeline.Alerts(), alert => Assert.Equal(AlertState.Suppressed, alert.State));
            line.Until(noon + 1200);
            Assert.All(line.Pipeline.Alerts(), alert => Assert.Equal(AlertState.Active, alert.State));
        }
        Assert.DoesNotContain(
            _told.Received, sent => (sent.Now - Timeline.Zero).TotalSeconds % Day is >= 600 and < 1200);
        Assert.Contains(_told.Received, sent => sent.Alerts.Any(alert => alert.Name == "B"));
    }

    [Fact]
    public async Task A_window_that_somebody_ends_is_skipped_and_the_next_one_comes()
    {
        await using var line = new Timeline(Timeline.Configure(_told));
        Add(line, "12:10", "12:20");
        line.Until(700);
        line.Pipeline.Silences.Expire(line.Pipeline.Silences.All()[0].Id);
        Assert.False(line.Pipeline.Silences.IsSilenced(Some("A")));
        line.Until(1100);
        Assert.False(line.Pipeline.Silences.IsSilenced(Some("A")));
        line.Until(Day + 600);
        Assert.True(line.Pipeline.Silences.IsSilenced(Some("A")));
    }

    [Fact]
    public async Task A_restart_keeps_it_before_inside_and_behind_a_window()
    {
        using var state = new InMemoryStateStore();
        string id;
        await using (var line = new Timeline(Timeline.Configure(_told), state))
        {
            id = Add(line, "12:10", "12:20");
        }
        foreach (var at in (double[])[300, 700, 1300, Day + 650, (3 * Day) + 700])
        {
            await using var line = new Timeline(Timeline.Configure(_told), state, at);
            Assert.Equal(at % Day is >= 600 and < 1200, line.Pipeline.Silences.IsSilenced(Some("A")));
            Assert.Single(line.Pipeline.Silences.All(), silence => silence.StateAt(line.Time.GetUtcNow()) == SilenceState.Pending);
        }
        await using var last = new Timeline(Timeline.Configure(_told), state, (3 * Day) + 710);
        Assert.Equal(SilenceOutcome.Accepted, last.Pipeline.RecurringSilences.Remove(id).Outcome);
        Assert.False(last.Pipeline.Silences.IsSilenced(Some("A")));
        Assert.Empty(last.Pipeline.RecurringSilences.All());
        last.Until((4 * Day) + 700);
        Assert.False(last.Pipeline.Silences.IsSilenced(Some("A")));
    }

    [Fact]
    public async Task A_change_ends_the_old_windows()
    {
        await using var line = new Timeline(Timeline.Configure(_told));
        var id = Add(line, "12:10", "12:20");
        line.Until(700);
        var changed = line.Pipeline.RecurringSilences.Find(id)! with { Matchers = [new LabelMatcher(MatchType.Equal, "alertname", "B")] };
        Assert.Equal(id, line.Pipeline.RecurringSilences.Set(changed).Id);
        Assert.False(line.Pipeline.Silences.IsSilenced(Some("A")));
        Assert.True(line.Pipeline.Silences.IsSilenced(Some("B")));
        line.Until(Day + 700);
        Assert.False(line.Pipeline.Silences.IsSilenced(Some("A")));
    }

    [Theory]
    [InlineData("25:00", "26:00", "", "couldn't parse timestamp 25:00, invalid format")]
    [InlineData("12:00", "13:00", "Mars/Base", "unknown time zone Mars/Base")]
    [InlineData("", "", "", "a time interval without times, weekdays, days, months and years never ends")]
    public async Task Wrong_ones_are_refused(string start, string end, string location, string error)
    {
        await using var line = new Timeline(Timeline.Configure(_told));
        var result = line.Pipeline.RecurringSilences.Set(Recurring("A") with
        {
            Intervals = [new TimeIntervalText { Times = start.Length > 0 ? [new(start, end)] : [], Location = location }],
        });
        Assert.Equal((SilenceOutcome.Invalid, "invalid recurring silence: " + error), (result.Outcome, result.Error));
        Assert.Equal(
            SilenceOutcome.Invalid,
            line.Pipeline.RecurringSilences.Set(Recurring("A") with { Intervals = [new TimeIntervalText { Years = ["2020"] }] }).Outcome);
        Assert.Equal(SilenceOutcome.NotFound, line.Pipeline.RecurringSilences.Set(Recurring("A") with { Id = "none", Intervals = [new TimeIntervalText { Weekdays = ["monday"] }] }).Outcome);
        Assert.Equal(SilenceOutcome.NotFound, line.Pipeline.RecurringSilences.Remove("none").Outcome);
    }

    [Fact]
    public async Task A_silence_of_one_receiver_keeps_only_that_one_from_hearing()
    {
        var other = new RecordingNotifier();
        var options = Timeline.Configure(_told, wait: 1, interval: 1, repeat: 3600);
        options = options with
        {
            Route = options.Route with { Routes = [options.Route with { Receiver = "other", Continue = true }, options.Route] },
            Receivers = [.. options.Receivers, new ReceiverOptions { Name = "other", Integrations = [other] }],
        };
        await using var line = new Timeline(options);
        line.Pipeline.Silences.Set(new Silence
        {
            Matchers = [new LabelMatcher(MatchType.Equal, "alertname", "A")], StartsAt = Timeline.At(0), EndsAt = Timeline.At(10), Receiver = "other",
        });
        line.Fire(0, "A");
        line.Until(5);
        Assert.Single(_told.Received);
        Assert.Empty(other.Received);
        var alert = Assert.Single(line.Pipeline.Alerts());
        Assert.Equal(AlertState.Active, alert.State);
        Assert.Empty(alert.SilencedBy);
        line.Until(12);
        Assert.Single(other.Received);
    }

    [Fact]
    public async Task An_ending_silence_is_said_once_and_the_notice_is_over_when_it_lasts_longer()
    {
        await using var line = new Timeline(
            Timeline.Configure(_told, wait: 1, interval: 1, repeat: 36_000), limits: new AlertingLimits { SilenceExpiryNotice = TimeSpan.FromSeconds(100) });
        var matcher = new LabelMatcher(MatchType.Equal, "alertname", "A");
        line.Silence(0, 50, new LabelMatcher(MatchType.Equal, "alertname", "Short"));
        var id = line.Silence(0, 1000, matcher);
        line.Until(899);
        Assert.Empty(_told.Received);
        line.Until(905);
        var notice = Assert.Single(Assert.Single(_told.Received).Alerts);
        Assert.Equal((SilenceExpiryNotice.AlertName, id), (notice.Name, notice.Labels["silence_id"]));
        Assert.Equal(Timeline.At(1000), notice.EndsAt);
        Assert.Equal("The silence for alertname=\"A\" ends at 2026-03-02 12:16:40 UTC", notice.Annotations["summary"]);
        line.Pipeline.Silences.Set(line.Pipeline.Silences.Find(id)! with { EndsAt = Timeline.At(2000) });
        line.Until(910);
        Assert.True(Assert.Single(_told.Received[^1].Alerts).IsResolvedAt(Timeline.At(910)));
        line.Until(1890);
        Assert.Equal(2, _told.Received.Count);
        line.Until(1905);
        Assert.Equal(3, _told.Received.Count);
    }

    private static string Add(Timeline line, string start, string end)
    {
        var result = line.Pipeline.RecurringSilences.Set(Recurring(".+") with { Intervals = [new TimeIntervalText { Times = [new(start, end)] }] });
        Assert.Equal((SilenceOutcome.Accepted, ""), (result.Outcome, result.Error));
        return result.Id;
    }

    private static RecurringSilence Recurring(string name) => new()
    {
        Matchers = [new LabelMatcher(MatchType.Regex, "alertname", name)], Intervals = [], CreatedBy = "me", Comment = "backup",
    };

    private static LabelSet Some(string name) => LabelSet.From(("alertname", name));

    private static IEnumerable<SilenceState> StatesOf(Timeline line, string id) => line.Pipeline.Silences.All()
        .Where(silence => silence.RecurringId == id).Select(silence => silence.StateAt(line.Time.GetUtcNow())).Where(state => state != SilenceState.Expired);
}
