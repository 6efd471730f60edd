using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Rules;

/// <summary>Gives pending alerts back the time that they had waited before a restart, read from ALERTS_FOR_STATE.</summary>
internal static class ForStateRestorer
{
    public static void Restore(AlertingRule rule, IMetricStore store, RuleEngineOptions options, DateTimeOffset now,
        CancellationToken cancellation)
    {
        // A rule that waits less than the grace period would only be held up by a restoration.
        if (!rule.IsRestored && rule.For >= options.ForGracePeriod)
        {
            var (fromMs, toMs) = ((now - options.OutageTolerance).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
            using var querier = store.Querier(fromMs, toMs);
            var buffer = new SampleBuffer();
            foreach (var alert in rule.Active.Where(alert => alert.State == RuleAlertState.Pending))
            {
                if (LastSample(querier, alert, fromMs, toMs, buffer, cancellation) is { } last)
                {
                    alert.ActiveAt = ActiveAt(last, rule.For, options.ForGracePeriod, now);
                }
            }
        }
        rule.IsRestored = true;
    }

    /// <summary>The time the process was down does not count as waited.</summary>
    internal static DateTimeOffset ActiveAt(Sample last, TimeSpan hold, TimeSpan gracePeriod, DateTimeOffset now)
    {
        var downAt = DateTimeOffset.FromUnixTimeSeconds(last.TimestampMs / 1000);
        var activeAt = DateTimeOffset.FromUnixTimeSeconds((long)last.Value);
        var remaining = hold - (downAt - activeAt);
        if (remaining <= TimeSpan.Zero)
        {
            return activeAt;
        }
        return remaining < gracePeriod ? now + gracePeriod - hold : activeAt + (now - downAt);
    }

    private static Sample? LastSample(IMetricQuerier querier, RuleAlert alert, long fromMs, long toMs, SampleBuffer buffer,
        CancellationToken cancellation)
    {
        var wanted = alert.Labels.With(Label.MetricName, AlertingRule.ForStateMetric);
        var matchers = wanted.Select(label => new LabelMatcher(MatchType.Equal, label.Name, label.Value)).ToArray();
        foreach (var series in querier.Select(matchers, cancellation))
        {
            if (series.Labels != wanted)
            {
                continue;
            }
            buffer.Clear();
            series.Read(fromMs, toMs, buffer);
            // A marker says that the alert was over before the stop.
            return buffer.Count == 0 || StaleMarker.Is(buffer.Values[^1])
                ? null : new Sample(buffer.Timestamps[^1], buffer.Values[^1]);
        }
        return null;
    }
}
