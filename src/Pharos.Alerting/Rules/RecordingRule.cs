using Pharos.Query.Results;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>Stores its result under a name of its own.</summary>
internal sealed class RecordingRule(RecordingRuleOptions options, RuleGroupOptions group) : RuleRuntime(options, group)
{
    private readonly LabelSet _externalLabels = group.ExternalLabels;

    public override string Identity => IdentityOf("record", options.Record, Labels);

    public override IReadOnlyList<VectorSample> Evaluate(
        RuleQuery query, DateTimeOffset at, TimeSpan offset, int limit, CancellationToken cancellation)
    {
        var timeMs = (at - offset).ToUnixTimeMilliseconds();
        var seen = new HashSet<LabelSet>();
        var samples = new List<VectorSample>();
        var builder = new LabelSetBuilder();
        foreach (var sample in query(Expression, timeMs, cancellation))
        {
            builder.Reset(sample.Labels).Set(Label.MetricName, options.Record);
            foreach (var label in Labels)
            {
                builder.Set(label.Name, label.Value);
            }
            foreach (var label in _externalLabels.Span)
            {
                if (!builder.Has(label.Name))
                {
                    builder.Set(label.Name, label.Value);
                }
            }
            var labels = builder.Build();
            if (!seen.Add(labels))
            {
                throw new RuleFailedException("vector contains metrics with the same labelset after applying rule labels");
            }
            samples.Add(new VectorSample(labels, timeMs, sample.Value, sample.Histogram));
        }
        return limit > 0 && samples.Count > limit
            ? throw new RuleFailedException($"exceeded limit of {limit} with {samples.Count} series") : samples;
    }

    public override RuleSnapshot WithAlerts(RuleSnapshot snapshot) => snapshot;

    public override void CopyState(RuleRuntime older) => Series = older.Series;
}
