using Pharos.Alerting.Alerts;
using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Routing;
using Pharos.Alerting.TimeIntervals;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Tests.Notifications;

/// <summary>Alertmanager's acceptance scenarios, with exact times because the clock is simulated.</summary>
public sealed class AlertingPipelineTests
{
    private readonly RecordingNotifier _webhook = new();

    [Fact]
    public async Task Merged_alerts_keep_the_earliest_start_the_newest_annotations_and_the_latest_end()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, groupBy: "alertname"));
        line.Fire(1, "A", start: 1, note: "v1");
        line.Fire(1.2, "A", start: 1.2, note: "v2");
        line.Fire(2.1, "A", start: 2.1, note: "v3");
        line.Fire(3.6, "A", start: 3.6, note: "v4");
        line.Fire(4.6, "A", start: 1, end: 4.6, note: "v5");
        line.Fire(4.7, "A", start: 1, end: 4.7);
        line.Fire(4.8, "A", start: 1, end: 4.8);
        line.Fire(5.3, "A", start: 5.3, note: "v6");
        line.Until(6.9);
        Assert.Equal(["2: A[1-]", "3: A[1-]", "4: A[1-]", "5: A[1-4.8]", "6: A[5.3-]"], Timeline.Lines(_webhook));
        Assert.Equal(["v2", "v3", "v4"], _webhook.Received.Take(3).Select(sent => sent.Alerts[0].Annotations["note"]));
    }

    [Fact]
    public async Task A_group_repeats_while_it_fires_and_says_once_that_it_is_resolved()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook));
        line.Fire(1, "A", start: 1);
        line.Fire(3.5, "A", start: 1, end: 3.5);
        line.Until(20);
        Assert.Equal(["2: A[1-]", "3: A[1-]", "4: A[1-3.5]"], Timeline.Lines(_webhook));
        Assert.Equal(["first notification", "repeat interval elapsed", "all alerts resolved"],
            _webhook.Received.Select(sent => sent.Reason));
    }

    [Fact]
    public async Task An_integration_that_fails_is_tried_again_and_the_other_one_is_not_told_twice()
    {
        var failing = new RecordingNotifier();
        var options = Timeline.Configure(_webhook, interval: 2, repeat: 100);
        options = options with
        {
            Receivers = [new ReceiverOptions { Name = "default", Integrations = [_webhook, failing] }],
        };
        await using var line = new Timeline(options);
        failing.Answer = _ => line.Time.GetUtcNow() < Timeline.At(4.5)
            ? new NotifyResult(NotifyOutcome.Retry, "connection refused") : NotifyResult.Sent;
        line.Fire(1, "A", start: 1);
        line.Until(9);
        Assert.Equal(["2: A[1-]"], Timeline.Lines(_webhook));
        // 2, 2.5, 3.25, 4.375, 6.0625: each wait half as long again.
        Assert.Equal(5, failing.Attempts);
        Assert.Equal(["2: A[1-]"], Timeline.Lines(failing));
        var record = line.Pipeline.History.Latest(1)[0];
        Assert.Equal(("sent", 5), (record.Outcome, record.Attempts));
    }

    [Fact]
    public async Task What_cannot_help_to_repeat_is_repeated_only_with_the_next_flush()
    {
        _webhook.Answer = _ => new NotifyResult(NotifyOutcome.Failed, "unexpected status code 400");
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 5, repeat: 100));
        line.Fire(1, "A", start: 1);
        line.Until(6.9);
        Assert.Equal(1, _webhook.Attempts);
        line.Until(7);
        Assert.Equal(2, _webhook.Attempts);
        Assert.Equal("unexpected status code 400", line.Pipeline.History.Latest(1)[0].Error);
    }

    [Fact]
    public async Task The_other_side_decides_how_long_to_wait_where_it_says_so()
    {
        var attempts = new List<double>();
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 60, repeat: 100));
        _webhook.Answer = _ =>
        {
            attempts.Add((line.Time.GetUtcNow() - Timeline.Zero).TotalSeconds);
            return attempts.Count < 2 ? new NotifyResult(NotifyOutcome.Retry, "429", TimeSpan.FromSeconds(7)) : NotifyResult.Sent;
        };
        line.Fire(1, "A");
        line.Until(30);
        Assert.Equal([2, 9], attempts);
    }

    [Fact]
    public async Task Attempts_end_with_the_time_of_the_flush()
    {
        _webhook.Answer = _ => new NotifyResult(NotifyOutcome.Retry, "503");
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 15, repeat: 100));
        line.Fire(1, "A");
        line.Until(16.9);
        var record = Assert.Single(line.Pipeline.History.Latest(10));
        Assert.Equal(("failed", "503"), (record.Outcome, record.Error));
        _webhook.Answer = null;
        line.Until(18);
        Assert.Equal("first notification", Assert.Single(_webhook.Received).Reason);
    }

    [Fact]
    public async Task Alerts_that_come_together_are_sent_together()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, repeat: 4.9));
        line.Fire(1.1, "A", start: 1);
        line.Fire(1.7, "B", start: 1);
        line.Fire(3.3, "C", start: 1);
        line.Fire(3.4, "D", start: 1);
        line.Fire(3.5, "E", start: 1);
        line.Until(9.5);
        Assert.Equal(
            ["2.1: A[1-] B[1-]", "4.1: A[1-] B[1-] C[1-] D[1-] E[1-]", "9.1: A[1-] B[1-] C[1-] D[1-] E[1-]"],
            Timeline.Lines(_webhook));
    }

    [Fact]
    public async Task An_alert_nobody_renews_is_resolved_after_the_timeout()
    {
        var options = Timeline.Configure(_webhook, interval: 5, repeat: 1000) with { ResolveTimeout = TimeSpan.FromSeconds(10) };
        await using var line = new Timeline(options);
        line.Fire(1, "A");
        line.Until(30);
        Assert.Equal(["2: A[1-]", "12: A[1-11]"], Timeline.Lines(_webhook));
    }

    [Fact]
    public async Task An_integration_without_resolved_alerts_hears_only_of_firing_ones()
    {
        var firingOnly = new RecordingNotifier(sendResolved: false, "email");
        var options = Timeline.Configure(_webhook, repeat: 1000) with
        {
            Receivers = [new ReceiverOptions { Name = "default", Integrations = [_webhook, firingOnly] }],
        };
        await using var line = new Timeline(options);
        line.Fire(1, "A", start: 1);
        line.Fire(1, "B", start: 1);
        line.Fire(2.5, "A", start: 1, end: 2.5);
        line.Fire(4.5, "B", start: 1, end: 4.5);
        line.Fire(6.5, "B", start: 6.5);
        line.Until(9);
        Assert.Equal(["2: A[1-] B[1-]", "3: A[1-2.5] B[1-]", "5: B[1-4.5]", "7: B[6.5-]"], Timeline.Lines(_webhook));
        Assert.Equal(["2: A[1-] B[1-]", "7: B[6.5-]"], Timeline.Lines(firingOnly));
    }

    [Fact]
    public async Task A_reload_keeps_the_timers_and_repeats_nothing()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 6, repeat: 1000, groupBy: "alertname"));
        line.Fire(1, "A", start: 1);
        line.Until(3);
        line.Pipeline.Apply(line.Options with { ExternalUrl = "http://new" });
        line.Fire(3.5, "A x=1", start: 3.5);
        line.Until(8);
        Assert.Equal(["2: A[1-]", "8: A[1-] A[3.5-]"], Timeline.Lines(_webhook));
        Assert.Equal("http://new", _webhook.Received[^1].ExternalUrl);
    }

    [Fact]
    public async Task A_reload_with_another_grouping_moves_the_alerts()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 6, repeat: 1000, groupBy: "alertname"));
        line.Fire(1, "A", start: 1);
        line.Fire(1, "B", start: 1);
        line.Until(3);
        line.Pipeline.Apply(Timeline.Configure(_webhook, interval: 6, repeat: 1000));
        Assert.Equal(["{}:{}"], line.Pipeline.Groups().Select(group => group.GroupKey));
        line.Until(4);
        Assert.Equal("4: A[1-] B[1-]", Timeline.Lines(_webhook)[^1]);
    }

    [Fact]
    public async Task An_inhibited_alert_is_not_sent_until_its_source_is_over()
    {
        var options = Timeline.Configure(_webhook) with
        {
            InhibitRules =
            [
                new InhibitRuleOptions(),
                new InhibitRuleOptions
                {
                    SourceMatchers = [new LabelMatcher(MatchType.Equal, "alertname", "JobDown")],
                    TargetMatchers = [new LabelMatcher(MatchType.Equal, "alertname", "InstanceDown")],
                    Equal = ["job", "zone"],
                },
            ],
        };
        options = options with { InhibitRules = [options.InhibitRules[1]] };
        await using var line = new Timeline(options);
        line.Fire(1, "T job=test zone=aa", start: 1);
        line.Fire(1, "InstanceDown job=test zone=aa", start: 1);
        line.Fire(1, "InstanceDown job=test zone=ab", start: 1);
        line.Fire(2.2, "JobDown job=test zone=aa", start: 2.2);
        line.Until(2.9);
        var muted = line.Pipeline.Alerts().Single(alert => alert.InhibitedBy.Count > 0);
        Assert.Equal(("aa", AlertState.Suppressed), (muted.Alert.Labels["zone"], muted.State));
        line.Fire(3.6, "JobDown job=test zone=aa", start: 2.2, end: 3.6);
        line.Until(4.5);
        Assert.Equal(
            [
                "2: InstanceDown[1-] InstanceDown[1-] T[1-]",
                "3: InstanceDown[1-] JobDown[2.2-] T[1-]",
                "4: InstanceDown[1-] InstanceDown[1-] JobDown[2.2-3.6] T[1-]",
            ],
            Timeline.Lines(_webhook));
    }

    [Fact]
    public async Task A_silence_mutes_from_its_start_to_its_end_and_deleting_it_brings_alerts_back()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook));
        line.Fire(1, "A", start: 1);
        line.Fire(1, "B", start: 1);
        line.Silence(2.5, 4.5, new LabelMatcher(MatchType.Equal, "alertname", "A"));
        line.Until(3.1);
        Assert.Single(line.Pipeline.Alerts(), alert => alert.State == AlertState.Suppressed && alert.SilencedBy.Count == 1);
        line.Until(5);
        var all = line.Silence(5.5, 100, new LabelMatcher(MatchType.Regex, "alertname", ".+"));
        line.Until(7.5);
        line.Pipeline.Silences.Expire(all);
        line.Until(8);
        Assert.Equal(["2: A[1-] B[1-]", "3: B[1-]", "4: B[1-]", "5: A[1-] B[1-]", "8: A[1-] B[1-]"], Timeline.Lines(_webhook));
    }

    [Fact]
    public async Task Time_intervals_mute_and_activate()
    {
        // The clock starts on a Monday at noon, UTC.
        TimeIntervalParser.ParseTimes("12:00", "12:01", out var firstMinute);
        var noon = new NamedTimeIntervals { Name = "noon", Intervals = [new TimeInterval { MinutesOfDay = [firstMinute] }] };
        var muting = Timeline.Configure(_webhook, wait: 10, interval: 10, repeat: 1000);
        muting = muting with { Route = muting.Route with { MuteTimeIntervals = ["noon"] }, TimeIntervals = [noon] };
        await using (var line = new Timeline(muting))
        {
            line.Fire(1, "A", start: 1);
            line.Until(30);
            Assert.Equal(["noon"], line.Pipeline.Groups()[0].MutedBy);
            Assert.Equal(AlertState.Suppressed, line.Pipeline.Alerts()[0].State);
            line.Until(300);
        }
        Assert.Equal(["61: A[1-]"], Timeline.Lines(_webhook));

        _webhook.Received.Clear();
        var active = muting with { Route = muting.Route with { MuteTimeIntervals = [], ActiveTimeIntervals = ["noon"] } };
        await using (var line = new Timeline(active))
        {
            line.Fire(1, "A", start: 1, end: 1000);
            line.Fire(70, "B", start: 70, end: 1000);
            line.Until(300);
        }
        Assert.Equal(["11: A[1-]"], Timeline.Lines(_webhook));
    }

    [Fact]
    public async Task A_restart_keeps_timers_alerts_and_what_was_sent()
    {
        var state = new InMemoryStateStore();
        await using (var before = new Timeline(Timeline.Configure(_webhook, interval: 60, repeat: 3600), state))
        {
            before.Fire(1, "A", start: 1);
            before.Until(30);
        }
        await using var after = new Timeline(Timeline.Configure(_webhook, interval: 60, repeat: 3600), state, start: 40);
        Assert.Equal(Timeline.At(62), after.Pipeline.Groups()[0].NextFlush);
        after.Until(70);
        Assert.Equal(["2: A[1-]"], Timeline.Lines(_webhook));
        after.Fire(80, "A", start: 1, end: 80);
        after.Until(130);
        Assert.Equal(["2: A[1-]", "122: A[1-80]"], Timeline.Lines(_webhook));
        Assert.Equal(2, after.Pipeline.History.Latest(10).Count);
    }

    [Fact]
    public async Task A_long_stop_resolves_nothing_that_is_sent_again()
    {
        var state = new InMemoryStateStore();
        await using (var before = new Timeline(Timeline.Configure(_webhook, interval: 10, repeat: 36000), state))
        {
            before.Fire(1, "A", start: 1, end: 200);
            before.Until(30);
        }
        await using var after = new Timeline(Timeline.Configure(_webhook, interval: 10, repeat: 36000), state, start: 3000);
        after.Until(3030);
        after.Fire(3040, "A", start: 1, end: 3240);
        after.Until(3100);
        Assert.Equal(["2: A[1-]"], Timeline.Lines(_webhook));
    }

    [Fact]
    public async Task Good_alerts_are_kept_where_others_are_refused()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook));
        var result = await line.Pipeline.PostAsync(
        [
            new PostableAlert { Labels = [new Label("a", "")] },
            new PostableAlert { Labels = [new Label("alertname", "A"), new Label("b", "")] },
            new PostableAlert { Labels = [new Label("a", "b")], StartsAt = Timeline.At(9), EndsAt = Timeline.At(8) },
        ]);
        Assert.Equal(1, result.AcceptedCount);
        Assert.Equal(["at least one label pair required", "start time must be before end time"], result.Errors);
        Assert.Equal("{alertname=\"A\"}", line.Pipeline.Alerts()[0].Alert.Labels.ToString());
    }

    [Fact]
    public async Task An_empty_group_is_forgotten_and_a_late_alert_waits_anew()
    {
        await using var line = new Timeline(Timeline.Configure(_webhook, interval: 300, repeat: 1000));
        line.Fire(1, "A", start: 1);
        line.Fire(10, "A", start: 1, end: 10);
        line.Until(302);
        Assert.Empty(line.Pipeline.Groups());
        line.Fire(340, "A", start: 340);
        line.Until(341);
        Assert.Equal(["2: A[1-]", "302: A[1-10]", "341: A[340-]"], Timeline.Lines(_webhook));
    }
}
