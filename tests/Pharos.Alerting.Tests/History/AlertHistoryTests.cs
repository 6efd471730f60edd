using Pharos.Alerting.History;
using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Alerting.TimeIntervals;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Tests.History;

public sealed class AlertHistoryTests
{
    private readonly RecordingNotifier _webhook = new();

    private AlertmanagerOptions Options => Timeline.Configure(_webhook, interval: 60, repeat: 36_000);

    [Fact]
    public async Task An_alert_fires_is_silenced_is_over_and_fires_again()
    {
        await using var line = new Timeline(Options);
        line.Fire(1, "A", start: 1);
        var silence = line.Silence(5, 20, Named("A"));
        line.Fire(30, "A", start: 1, end: 30);
        line.Fire(40, "A", start: 40);
        line.Until(400);
        Assert.Equal(
            [
                "1 A firing: new alert",
                $"6 A suppressed: silenced by {silence}",
                $"20 A unsuppressed: no longer silenced by {silence}",
                "30 A resolved: its sender says that it is over",
                "40 A firing: fires again",
                "340 A resolved: not renewed until its end",
            ],
            Lines(line));
        var suppressed = line.Pipeline.Transitions.Read(new HistoryQuery { Limit = 10 }).Items[4];
        Assert.Equal("silence", suppressed.Cause);
        Assert.Equal([silence], suppressed.By);
    }

    [Fact]
    public async Task What_inhibits_is_named_and_its_end_is_told()
    {
        var options = Options with
        {
            InhibitRules = [new InhibitRuleOptions { SourceMatchers = [Named("Root")], TargetMatchers = [Named("A")] }],
        };
        await using var line = new Timeline(options);
        line.Fire(1, "A", start: 1);
        line.Fire(5, "Root", start: 5);
        var root = line.Pipeline.Alerts().Single(alert => alert.Alert.Name == "Root").Alert.Fingerprint.ToString("x16", null);
        line.Fire(10, "Root", start: 5, end: 10);
        line.Until(20);
        Assert.Equal(
            [
                "1 A firing: new alert",
                "5 Root firing: new alert",
                $"6 A suppressed: inhibited by {root}",
                "10 Root resolved: its sender says that it is over",
                $"11 A unsuppressed: no longer inhibited by {root}",
            ],
            Lines(line));
    }

    [Fact]
    public async Task A_mute_is_one_receiver_s()
    {
        var always = new NamedTimeIntervals { Name = "always", Intervals = [new TimeInterval()] };
        var muting = Options;
        muting = muting with { Route = muting.Route with { MuteTimeIntervals = ["always"] }, TimeIntervals = [always] };
        await using var line = new Timeline(muting);
        line.Fire(1, "A", start: 1);
        line.Until(70);
        Assert.Equal(["1 A firing: new alert", "2 A suppressed: muted by always"], Lines(line));
        var muted = Assert.Single(line.Pipeline.Transitions.Read(new HistoryQuery { Limit = 10, Receiver = "default" }).Items);
        Assert.Equal(("mute", "default"), (muted.Cause, muted.Receiver));
    }

    [Fact]
    public async Task A_restart_forgets_nothing_and_tells_nothing_twice()
    {
        var state = new InMemoryStateStore();
        string silence;
        await using (var before = new Timeline(Options, state))
        {
            before.Fire(1, "A", start: 1);
            before.Fire(2, "B", start: 2);
            silence = before.Silence(5, 100, Named("A"));
            before.Until(30);
        }
        await using var after = new Timeline(Options, state, start: 40);
        after.Until(60);
        string[] told = ["1 A firing: new alert", "2 B firing: new alert", $"6 A suppressed: silenced by {silence}"];
        Assert.Equal(told, Lines(after));
        after.Until(120);
        Assert.Equal([.. told, $"100 A unsuppressed: no longer silenced by {silence}"], Lines(after));
    }

    [Fact]
    public async Task An_alert_that_is_only_renewed_writes_nothing()
    {
        var state = new InMemoryStateStore();
        await using var line = new Timeline(Options, state);
        line.Fire(1, "A", start: 1);
        for (var at = 2; at < 600; at++)
        {
            line.Fire(at, "A", start: 1);
        }
        Assert.Equal(["1 A firing: new alert"], Lines(line));
        Assert.Single(state.All("alert-history"));
    }

    [Fact]
    public async Task What_is_older_than_the_retention_time_is_gone()
    {
        var state = new InMemoryStateStore();
        await using var line = new Timeline(Options, state, limits: new AlertingLimits { HistoryRetention = TimeSpan.FromHours(1) });
        line.Fire(1, "A", start: 1, end: 100_000);
        line.Until(3_600);
        Assert.Single(Lines(line));
        line.Until(3_602);
        Assert.Empty(Lines(line));
        line.Fire(3_700, "B", start: 3_700);
        Assert.Equal(["3700 B firing: new alert"], Lines(line));
        Assert.Single(state.All("alert-history"));
        line.Until(3_730);
        Assert.Equal(Timeline.At(3_722), Assert.Single(line.Pipeline.History.Latest(10)).At);
        Assert.Single(state.All("notification-history"));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_a_filter_takes_its_part()
    {
        await using var line = new Timeline(Options);
        foreach (var number in Enumerable.Range(1, 7))
        {
            line.Fire(number, $"A zone={(number % 2 == 0 ? "even" : "odd")} n={number}", start: number);
        }
        var seen = new List<string>();
        HistoryPosition? from = null;
        do
        {
            var page = line.Pipeline.Transitions.Read(new HistoryQuery { Limit = 3, From = from });
            Assert.True(page.Items.Count <= 3);
            seen.AddRange(page.Items.Select(item => item.Labels["n"]));
            from = page.Next;
        }
        while (from is not null);
        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], seen);
        var even = new HistoryQuery
        {
            Limit = 10,
            Matchers = [new LabelMatcher(MatchType.Equal, "zone", "even")],
            Start = Timeline.At(3),
            End = Timeline.At(5),
        };
        Assert.Equal(["4"], line.Pipeline.Transitions.Read(even).Items.Select(item => item.Labels["n"]));
    }

    private static LabelMatcher Named(string name) => new(MatchType.Equal, "alertname", name);

    private static string[] Lines(Timeline line) => [.. line.Pipeline.Transitions.Read(new HistoryQuery { Limit = 1_000 }).Items.Reverse()
        .Select(item => $"{(item.At - Timeline.Zero).TotalSeconds:0.###} {item.Labels["alertname"]} {item.State}: {item.Reason}")];
}
