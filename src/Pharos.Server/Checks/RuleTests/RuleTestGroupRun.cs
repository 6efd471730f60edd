using Pharos.Alerting.Rules;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>Runs one group of rule tests in simulated time.</summary>
internal sealed class RuleTestGroupRun(
    RuleTestGroup group, RuleTestFile file, IReadOnlyList<RuleGroupOptions> ruleGroups, RuleTestOptions options, TimeProvider time)
{
    private readonly List<string> _errors = [];
    private readonly IMetricStore _store = MetricStore.OpenInMemory();
    private readonly PromEngine _engine = new(
        new PromEngineOptions { DefaultSubqueryStep = file.EvaluationInterval, DelayedNameRemoval = options.DelayedNameRemoval }, time);

    /// <summary>All data that the rules saw and made, as text; only where it is asked for.</summary>
    public string Data { get; private set; } = "";

    /// <summary>What failed; nothing where all is as expected.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        await using var store = _store;
        try
        {
            var data = new RuleTestData(group, _store);
            if (group.AlertTests.FirstOrDefault(static test => test.AlertName.Length == 0) is { } nameless)
            {
                var name = group.Name.Length > 0 ? $" (in TestGroup {group.Name})" : "";
                return [$"an item under alert_rule_test misses required attribute alertname at eval_time "
                    + $"{PrometheusDuration.Format(nameless.EvalTime)}{name}"];
            }
            var engineOptions = new RuleEngineOptions { ExternalLabels = group.ExternalLabels, ExternalUrl = group.ExternalUrl };
            using var rules = new RuleSimulation(ruleGroups, engineOptions, _store, _engine, time);
            if (EvaluateRules(rules, data, cancellation))
            {
                foreach (var test in group.ExprTests)
                {
                    Check(test, cancellation);
                }
            }
        }
        catch (FormatException e)
        {
            _errors.Add(e.Message);
        }
        if (options.Debug)
        {
            Data = Dump(cancellation);
        }
        return _errors;
    }

    private string Dump(CancellationToken cancellation)
    {
        var seconds = Math.Floor(group.MaxEvalTime.TotalSeconds) + 1;
        var at = (group.Start + TimeSpan.FromSeconds(seconds)).ToUnixTimeMilliseconds();
        // A range is open on its left, and what is at the start belongs to it.
        var all = _engine.Instant(_store, $"{{__name__=~\".+\"}}[{(seconds * 1000) + 1}ms]", at, null, cancellation);
        return $"at {GoDuration.Format(TimeSpan.FromSeconds(seconds))}:\n" + string.Join('\n', ((MatrixValue)all.Value).Series
            .Select(static series => $"{series.Labels} =>\n" + string.Join('\n', series.TimestampsMs.Zip(series.Values)
                .Select(static point => (TimeMs: point.First, Text: GoFloat.FormatG(point.Second)))
                .Concat(series.Histograms.Select(static point => (TimeMs: point.TimestampMs, Text: point.Histogram.Format())))
                .OrderBy(static point => point.TimeMs).Select(static point => $"{point.Text} @[{point.TimeMs}]"))));
    }

    /// <returns>False where an evaluation failed: then nothing more is checked.</returns>
    private bool EvaluateRules(RuleSimulation rules, RuleTestData data, CancellationToken cancellation)
    {
        var pending = group.AlertTests.OrderBy(static test => test.EvalTime).ToList();
        for (var at = TimeSpan.Zero; at <= group.MaxEvalTime; at += file.EvaluationInterval)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = group.Start + at;
            data.LoadUntil(now.ToUnixTimeMilliseconds());
            rules.Evaluate(now, cancellation);
            var snapshots = rules.Groups;
            var failed = snapshots.SelectMany(static one => one.Rules).Where(static rule => rule.LastError.Length > 0).ToList();
            _errors.AddRange(failed.Select(rule =>
                $"    rule: {NameOf(rule.Options)}, time: {GoDuration.Format(at)}, err: {rule.LastError}"));
            if (failed.Count > 0)
            {
                return false;
            }
            // What is asked for between two evaluations is what the first of them left.
            foreach (var test in pending.TakeWhile(test => test.EvalTime < at + file.EvaluationInterval).ToList())
            {
                pending.Remove(test);
                Check(test, snapshots);
            }
        }
        return true;
    }

    private static string NameOf(RuleOptions rule) =>
        rule is RecordingRuleOptions recording ? recording.Record : ((AlertingRuleOptions)rule).Alert;

    private void Check(RuleTestGroup.AlertTest test, IReadOnlyList<RuleGroupSnapshot> snapshots)
    {
        var got = AlertTexts.Of(snapshots.SelectMany(static one => one.Rules)
            .Where(rule => rule.Options is AlertingRuleOptions alerting && alerting.Alert == test.AlertName)
            .SelectMany(static rule => rule.Alerts).Where(static alert => alert.State == RuleAlertState.Firing)
            .Select(static alert => (alert.Labels, alert.Annotations)));
        var expected = AlertTexts.Of(test.Expected
            .Select(alert => (alert.Labels.With("alertname", test.AlertName), alert.Annotations)));
        if (!got.IsSame(expected))
        {
            var name = group.Name.Length > 0 ? $"    name: {group.Name},\n" : "";
            var head = $"{name}    alertname: {test.AlertName}, time: {PrometheusDuration.Format(test.EvalTime)}, \n";
            _errors.Add(head + (options.Diff ? $"        diff: {AlertTexts.Diff(expected, got)}"
                : $"        exp:{expected.Indented}, \n        got:{got.Indented}"));
        }
    }

    private void Check(RuleTestGroup.ExprTest test, CancellationToken cancellation)
    {
        var head = $"    expr: {GoQuote.Quote(test.Expr)}, time: {PrometheusDuration.Format(test.EvalTime)},";
        IReadOnlyList<VectorSample> got;
        SampleTexts expected;
        try
        {
            var at = (group.Start + test.EvalTime).ToUnixTimeMilliseconds();
            got = _engine.Instant(_store, test.Expr, at, null, cancellation).Value switch
            {
                VectorValue vector => vector.Samples,
                ScalarValue scalar => [new VectorSample(LabelSet.Empty, scalar.TimestampMs, scalar.Value)],
                _ => throw new FormatException("rule result is not a vector or scalar"),
            };
            expected = SampleTexts.Expected(test.Expected);
        }
        catch (Exception e) when (e is QueryException or FormatException)
        {
            _errors.Add($"{head} err: {e.Message}");
            return;
        }
        var actual = SampleTexts.Of(got);
        if (!actual.IsSame(expected, file.FuzzyCompare))
        {
            _errors.Add(options.Diff ? $"{head}\n        diff: {AlertTexts.Diff(expected.Lines, actual.Lines)}"
                : $"{head}\n        exp: {expected}\n        got: {actual}");
        }
    }
}
