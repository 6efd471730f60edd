using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Events;

/// <summary>Keeps changes (a deployment, a switch) where dashboards find them: each is one sample of <see cref="Metric"/> at its time.</summary>
internal sealed class ChangeEvents(IMetricStore store, TimeProvider time)
{
    public const string Metric = "pharos_change_event";

    /// <returns>Null, or why it was not kept.</returns>
    public string? Keep(PagerDutyChange change)
    {
        var now = time.GetUtcNow();
        var at = change.Timestamp < now ? change.Timestamp.Value : now;
        using var appender = store.Appender();
        var reference = 0UL;
        var labels = LabelSet.From(
            (Label.MetricName, Metric), ("summary", change.Summary), ("source", change.Source),
            (PagerDutyEvent.RoutingKeyLabel, PagerDutyEvent.HashOf(change.RoutingKey)));
        var result = appender.Append(ref reference, labels, at.ToUnixTimeMilliseconds(), 1);
        if (result is not (AppendResult.Ok or AppendResult.SameAsStored))
        {
            return $"the change cannot be kept: {result}";
        }
        appender.Commit();
        return null;
    }
}
