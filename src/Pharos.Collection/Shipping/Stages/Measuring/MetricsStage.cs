using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Stages.Measuring;

/// <summary><c>metrics</c>: counts entries and what they hold, by the entry's labels.</summary>
public sealed class MetricsStage(IReadOnlyList<StageMetricOptions> metrics, StageContext context) : IStage
{
    private readonly StageMetric[] _metrics = [.. metrics.Select(context.Metrics.Of)];

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        LabelSet? labels = null;
        for (var i = 0; i < _metrics.Length; i++)
        {
            if (Amount(metrics[i], entry) is { } amount)
            {
                _metrics[i].Record(labels ??= Visible(entry), amount, metrics[i].Action == StageMetricAction.Set);
            }
        }
        next.Take(entry);
    }

    /// <summary>What the entry counts for; null where it does not count.</summary>
    private static double? Amount(StageMetricOptions metric, ShippedEntry entry)
    {
        if (metric.MatchAll)
        {
            return metric.CountEntryBytes ? entry.LineBytes : 1;
        }
        if (!entry.Extracted.TryGetValue(metric.Source, out var extracted)
            || (metric.Value is not null && ExtractedValue.Text(extracted) != metric.Value))
        {
            return null;
        }
        var value = metric is { Type: not StageMetricType.Histogram, Action: StageMetricAction.Inc or StageMetricAction.Dec } ? 1 : Number(extracted);
        return metric.Action is StageMetricAction.Dec or StageMetricAction.Sub ? -value : value;
    }

    /// <summary>A number, or the seconds of a duration such as 250ms.</summary>
    private static double? Number(object? extracted) => ExtractedValue.Number(extracted)
        ?? (extracted is string text && Storage.Text.GoDuration.TryParse(text, out var duration) ? duration.TotalSeconds : null);

    private static LabelSet Visible(ShippedEntry entry)
    {
        var labels = entry.Labels.Build();
        return labels.Any(static label => label.Name.StartsWith("__", StringComparison.Ordinal))
            ? LabelSet.From([.. labels.Where(static label => !label.Name.StartsWith("__", StringComparison.Ordinal))]) : labels;
    }
}
