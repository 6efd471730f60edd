using Pharos.Alerting.Rules;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Rules;

public sealed class RuleGroupRuntimeTests
{
    private static readonly LabelSet A = LabelSet.From(("__name__", "x"), ("job", "a"));
    private static readonly LabelSet B = LabelSet.From(("__name__", "y"), ("job", "a"));

    [Fact]
    public void An_alert_waits_fires_and_is_resolved_and_its_series_tell_so()
    {
        var script = new RuleScript(RuleScript.AlertGroup(forMinutes: 2));
        script.Result[A] = 7;
        script.Eval(0);
        Assert.Equal(RuleAlertState.Pending, script.Rule.State);
        script.Eval(1);
        Assert.Empty(script.Sent);
        script.Eval(2);
        Assert.Equal((RuleAlertState.Firing, 7.0), (script.Rule.State, script.Rule.Alerts[0].Value));
        script.Result.Clear();
        script.Eval(3);
        Assert.Equal((RuleAlertState.Inactive, 0), (script.Rule.State, script.Rule.Alerts.Count));
        Assert.Equal(
            [
                """ALERTS{alertname="High", alertstate="firing", job="a"} 2=1 3=stale""",
                """ALERTS{alertname="High", alertstate="pending", job="a"} 0=1 1=1 2=stale""",
            ],
            script.Stored("ALERTS"));
        var zero = RuleScript.Zero.ToUnixTimeSeconds();
        Assert.Equal([$$"""ALERTS_FOR_STATE{alertname="High", job="a"} 0={{zero}} 1={{zero}} 2={{zero}} 3=stale"""],
            script.Stored("ALERTS_FOR_STATE"));
        Assert.Equal(2, script.Sent.Count);
        Assert.Equal((RuleScript.Zero.AddMinutes(2), RuleScript.Zero.AddMinutes(6)), (script.Sent[0].StartsAt, script.Sent[0].EndsAt));
        Assert.Equal(RuleScript.Zero.AddMinutes(3), script.Sent[1].EndsAt);
        Assert.Equal("/graph?g0.expr=x+%3E+1&g0.tab=1", script.Sent[0].GeneratorUrl);
    }

    [Fact]
    public void An_alert_on_logs_leads_to_the_page_of_logs()
    {
        var script = new RuleScript(RuleScript.AlertGroup() with { LogTenant = "fake" });
        script.Result[A] = 7;
        script.Eval(0);
        Assert.Equal("/logs?query=x+%3E+1", script.Sent[0].GeneratorUrl);
    }

    [Fact]
    public void A_resolved_alert_is_sent_again_for_a_quarter_of_an_hour()
    {
        var script = new RuleScript(RuleScript.AlertGroup());
        script.Result[A] = 7;
        script.Eval(0);
        script.Result.Clear();
        for (var minute = 1; minute < 60; minute++)
        {
            script.Eval(minute);
        }
        // Sent at once, and then whenever more than the resend delay has passed.
        Assert.Equal(9, script.Sent.Count);
        Assert.All(script.Sent.Skip(1), alert => Assert.Equal(RuleScript.Zero.AddMinutes(1), alert.EndsAt));
    }

    [Fact]
    public void An_alert_may_go_on_firing_after_its_element_has_gone()
    {
        var script = new RuleScript(RuleScript.AlertGroup(keepMinutes: 2));
        script.Result[A] = 7;
        script.Eval(0);
        script.Result.Clear();
        script.Eval(1);
        Assert.Equal(RuleScript.Zero.AddMinutes(1), script.Rule.Alerts[0].KeepFiringSince);
        script.Result[A] = 8;
        script.Eval(2);
        Assert.Null(script.Rule.Alerts[0].KeepFiringSince);
        script.Result.Clear();
        script.Eval(3);
        script.Eval(4);
        Assert.Equal(RuleAlertState.Firing, script.Rule.State);
        script.Eval(5);
        Assert.Equal(RuleAlertState.Inactive, script.Rule.State);
    }

    [Fact]
    public void Two_elements_with_the_same_labels_are_an_error_and_nothing_is_stored()
    {
        var script = new RuleScript(RuleScript.AlertGroup());
        script.Result[A] = 1;
        script.Result[B] = 2;
        script.Eval(0);
        Assert.Equal(("err", "vector contains metrics with the same labelset after applying alert labels"),
            (script.Rule.Health, script.Rule.LastError));
        Assert.Empty(script.Stored("ALERTS"));
    }

    [Fact]
    public void More_alerts_than_the_limit_discard_them_all()
    {
        var script = new RuleScript(RuleScript.AlertGroup(limit: 1));
        script.Result[A] = 1;
        script.Eval(0);
        script.Result[LabelSet.From(("job", "b"))] = 2;
        script.Eval(1);
        Assert.Equal("exceeded limit of 1 with 2 alerts", script.Rule.LastError);
        Assert.Empty(script.Rule.Alerts);
        Assert.Equal(["""ALERTS{alertname="High", alertstate="firing", job="a"} 0=1"""], script.Stored("ALERTS"));
    }

    [Fact]
    public void A_query_that_fails_keeps_the_alerts_as_they_were()
    {
        var script = new RuleScript(RuleScript.AlertGroup());
        script.Result[A] = 1;
        script.Eval(0);
        script.Failure = new QueryException(QueryErrorKind.Execution, "many-to-many matching not allowed");
        script.Eval(1);
        Assert.Equal(("err", "many-to-many matching not allowed", RuleAlertState.Firing),
            (script.Rule.Health, script.Rule.LastError, script.Rule.State));
        script.Failure = null;
        script.Eval(2);
        Assert.Equal(("ok", ""), (script.Rule.Health, script.Rule.LastError));
        Assert.Equal(["""ALERTS{alertname="High", alertstate="firing", job="a"} 0=1 2=1"""], script.Stored("ALERTS"));
    }

    [Fact]
    public void A_recording_rule_stores_its_result_and_ends_what_has_gone()
    {
        var script = new RuleScript(Recording());
        script.Result[A] = 3;
        script.Eval(0);
        script.Result.Clear();
        script.Result[LabelSet.From(("job", "b"))] = 4;
        script.Eval(1);
        Assert.Equal(["""job:x{job="a", team="db"} 0=3 1=stale""", """job:x{job="b", team="db"} 1=4"""], script.Stored("job:x"));
        script.Result[A] = 1;
        script.Result[B] = 1;
        script.Eval(2);
        Assert.Equal("vector contains metrics with the same labelset after applying rule labels", script.Rule.LastError);
    }

    [Fact]
    public void External_labels_go_with_sent_alerts_and_not_into_series()
    {
        var engine = new RuleEngineOptions { ExternalLabels = LabelSet.From(("region", "eu"), ("job", "never")), ExternalUrl = "http://h" };
        var script = new RuleScript(RuleScript.AlertGroup(), engine: engine);
        script.Result[A] = 1;
        script.Eval(0);
        Assert.Equal("""{alertname="High", job="a", region="eu"}""", script.Sent[0].Labels.ToString());
        Assert.DoesNotContain("region", script.Stored("ALERTS")[0], StringComparison.Ordinal);
        Assert.StartsWith("http://h/graph", script.Sent[0].GeneratorUrl, StringComparison.Ordinal);
    }

    [Fact]
    public void A_groups_own_external_labels_come_before_the_engines_and_go_into_recorded_series()
    {
        var own = LabelSet.From(("region", "us"), ("zone", "1"), ("job", "never"));
        var engine = new RuleEngineOptions { ExternalLabels = LabelSet.From(("region", "eu"), ("cluster", "c")) };
        var script = new RuleScript(RuleScript.AlertGroup() with { ExternalLabels = own }, engine: engine);
        script.Result[A] = 1;
        script.Eval(0);
        Assert.Equal("""{alertname="High", cluster="c", job="a", region="us", zone="1"}""", script.Sent[0].Labels.ToString());
        Assert.DoesNotContain("region", script.Stored("ALERTS")[0], StringComparison.Ordinal);
        var recording = new RuleScript(Recording() with { ExternalLabels = own }, engine: engine);
        recording.Result[A] = 3;
        recording.Eval(0);
        Assert.Equal(["""job:x{job="a", region="us", team="db", zone="1"} 0=3"""], recording.Stored("job:x"));
    }

    [Fact]
    public void The_alerts_name_wins_over_every_label_and_an_empty_one_removes()
    {
        var script = new RuleScript(RuleScript.AlertGroup(0, 0, 0, new Label("alertname", "other"), new Label("job", "")));
        script.Result[A] = 1;
        script.Eval(0);
        Assert.Equal("""{alertname="High"}""", script.Rule.Alerts[0].Labels.ToString());
    }

    [Theory]
    // Waited 15 of 30 minutes, down for 20: the remaining 15 minutes follow.
    [InlineData(15, 35, 30, 36 + 15)]
    // Waited 25 of 30: at least the grace period of 10 minutes follows.
    [InlineData(25, 35, 30, 36 + 10)]
    // Fired before the stop: fires at the first chance.
    [InlineData(40, 45, 30, 47)]
    // Beyond the tolerance of an hour: waits anew.
    [InlineData(15, 120, 30, 120 + 30)]
    // Waits less than the grace period: is not restored.
    [InlineData(4, 10, 5, 10 + 5)]
    public void A_restart_gives_back_the_time_that_was_waited(int stop, int start, int hold, int firesAt)
    {
        var store = MetricStore.OpenInMemory();
        var before = new RuleScript(RuleScript.AlertGroup(hold), store: store);
        before.Result[A] = 1;
        for (var minute = 0; minute <= stop; minute++)
        {
            before.Eval(minute);
        }
        var after = new RuleScript(RuleScript.AlertGroup(hold), restored: false, store: store);
        after.Result[A] = 1;
        var at = start;
        for (; after.Rule.State != RuleAlertState.Firing && at < 300; at++)
        {
            after.Eval(at);
        }
        Assert.Equal(firesAt, at - 1);
    }

    [Fact]
    public void An_alert_that_was_over_before_the_stop_waits_anew()
    {
        var store = MetricStore.OpenInMemory();
        var before = new RuleScript(RuleScript.AlertGroup(30), store: store);
        before.Result[A] = 1;
        before.Eval(0);
        before.Result.Clear();
        before.Eval(1);
        var after = new RuleScript(RuleScript.AlertGroup(30), restored: false, store: store);
        after.Result[A] = 1;
        after.Eval(10);
        after.Eval(11);
        Assert.Equal(RuleScript.Zero.AddMinutes(10), after.Rule.Alerts[0].ActiveAt);
    }

    [Fact]
    public void A_changed_group_keeps_the_alerts_of_equal_rules_and_ends_the_others()
    {
        var store = MetricStore.OpenInMemory();
        var older = new RuleScript(RuleScript.AlertGroup(5), store: store);
        older.Result[A] = 1;
        older.Eval(0);
        var newer = new RuleScript(RuleScript.AlertGroup(3), store: store);
        newer.Group.CopyState(older.Group);
        Assert.Equal(RuleScript.Zero, newer.Rule.Alerts[0].ActiveAt);
        newer.Result[A] = 1;
        newer.Eval(3);
        Assert.Equal(RuleAlertState.Firing, newer.Rule.State);
        var other = new RuleScript(Recording(), store: store);
        other.Group.CopyState(newer.Group);
        other.Eval(4);
        Assert.EndsWith("4=stale", store is null ? "" : newer.Stored("ALERTS_FOR_STATE")[0], StringComparison.Ordinal);
    }

    private static RuleGroupOptions Recording() => RuleScript.AlertGroup() with
    {
        Labels = [new Label("team", "all")],
        Rules = [new RecordingRuleOptions { Record = "job:x", Expr = "x", Labels = [new Label("team", "db")] }],
    };
}
