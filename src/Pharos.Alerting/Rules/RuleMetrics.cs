using System.Diagnostics.Metrics;

namespace Pharos.Alerting.Rules;

/// <summary>Prometheus' own metrics of rule evaluation, under its names.</summary>
internal sealed class RuleMetrics
{
    private readonly Counter<long> _evaluations;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _iterations;
    private readonly Counter<long> _missed;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _groupDuration;

    /// <param name="groups">Asked when the gauges are read.</param>
    public RuleMetrics(Meter meter, Func<IReadOnlyList<RuleGroupSnapshot>> groups)
    {
        _evaluations = meter.CreateCounter<long>("prometheus_rule_evaluations_total", description: "The total number of rule evaluations.");
        _failures = meter.CreateCounter<long>("prometheus_rule_evaluation_failures_total", description: "The total number of rule evaluation failures.");
        _iterations = meter.CreateCounter<long>(
            "prometheus_rule_group_iterations_total", description: "The total number of scheduled rule group evaluations, whether executed or missed.");
        _missed = meter.CreateCounter<long>(
            "prometheus_rule_group_iterations_missed_total",
            description: "The total number of rule group evaluations missed due to slow rule group evaluation.");
        _duration = meter.CreateHistogram<double>("prometheus_rule_evaluation_duration_seconds", description: "The duration for a rule to execute.");
        _groupDuration = meter.CreateHistogram<double>("prometheus_rule_group_duration_seconds", description: "The duration of rule group evaluations.");
        void Gauge(string name, string description, Func<RuleGroupSnapshot, double> value) =>
            meter.CreateObservableGauge(name, () => groups().Select(
                group => new Measurement<double>(value(group), Tag(RuleGroupRuntime.KeyOf(group.Options)))), description: description);

        Gauge("prometheus_rule_group_rules", "The number of rules.", group => group.Rules.Count);
        Gauge("prometheus_rule_group_interval_seconds", "The interval of a rule group.", group => group.Options.Interval.TotalSeconds);
        Gauge("prometheus_rule_group_last_duration_seconds", "The duration of the last rule group evaluation.",
            group => group.EvaluationTimeSeconds);
        Gauge("prometheus_rule_group_last_evaluation_timestamp_seconds", "The timestamp of the last rule group evaluation in seconds.",
            group => (group.LastEvaluation?.ToUnixTimeMilliseconds() ?? 0) / 1000.0);
    }

    public void Evaluated(string group, double seconds, bool failed)
    {
        _evaluations.Add(1, Tag(group));
        _failures.Add(failed ? 1 : 0, Tag(group));
        _duration.Record(seconds);
    }

    public void Iterated(string group, double seconds)
    {
        _iterations.Add(1, Tag(group));
        _groupDuration.Record(seconds);
    }

    public void Missed(string group, long iterations)
    {
        // A missed iteration is scheduled too.
        _iterations.Add(iterations, Tag(group));
        _missed.Add(iterations, Tag(group));
    }

    private static KeyValuePair<string, object?> Tag(string group) => new("rule_group", group);
}
