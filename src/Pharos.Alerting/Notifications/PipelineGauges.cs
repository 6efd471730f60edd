using System.Diagnostics.Metrics;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Silences;

namespace Pharos.Alerting.Notifications;

/// <summary>The metrics that are read off the pipeline when somebody asks.</summary>
internal static class PipelineGauges
{
    public static void Register(Meter meter, AlertingPipeline pipeline, TimeProvider time)
    {
        meter.CreateObservableGauge("alertmanager_alerts", () => AlertCounts(pipeline));
        meter.CreateObservableGauge("alertmanager_silences", () => SilenceCounts(pipeline, time));
        meter.CreateObservableGauge("alertmanager_dispatcher_aggregation_groups", () => pipeline.GroupCount);
        meter.CreateObservableGauge("alertmanager_nflog_entries", () => pipeline.LoggedCount);
        meter.CreateObservableGauge("alertmanager_receivers", () => pipeline.Options?.Receivers.Count ?? 0);
        meter.CreateObservableGauge("alertmanager_integrations",
            () => pipeline.Options?.Receivers.Sum(receiver => receiver.Integrations.Count) ?? 0);
        meter.CreateObservableGauge("alertmanager_inhibition_rules", () => pipeline.Options?.InhibitRules.Count ?? 0);
    }

    private static IEnumerable<Measurement<long>> AlertCounts(AlertingPipeline pipeline)
    {
        var alerts = pipeline.Alerts();
        return Enum.GetValues<AlertState>().Select(state => new Measurement<long>(
            alerts.Count(alert => alert.State == state),
            new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant())));
    }

    private static IEnumerable<Measurement<long>> SilenceCounts(AlertingPipeline pipeline, TimeProvider time)
    {
        var (silences, now) = (pipeline.Silences.All(), time.GetUtcNow());
        return Enum.GetValues<SilenceState>().Select(state => new Measurement<long>(
            silences.Count(silence => silence.StateAt(now) == state),
            new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant())));
    }
}
