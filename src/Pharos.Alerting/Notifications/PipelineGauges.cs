using System.Diagnostics.Metrics;
using Pharos.Alerting.Silences;

namespace Pharos.Alerting.Notifications;

/// <summary>The metrics that are read off the pipeline when somebody asks.</summary>
internal static class PipelineGauges
{
    public static void Register(Meter meter, AlertingPipeline pipeline, TimeProvider time)
    {
        void Gauge(string name, string description, Func<long> value) =>
            meter.CreateObservableGauge(name, value, description: description);

        meter.CreateObservableGauge("alertmanager_alerts", () => AlertCounts(pipeline), description: "How many alerts by state.");
        meter.CreateObservableGauge("alertmanager_marked_alerts", () => AlertCounts(pipeline), description: "How many alerts by state are marked.");
        meter.CreateObservableGauge("alertmanager_silences", () => SilenceCounts(pipeline, time), description: "How many silences by state.");
        Gauge("alertmanager_dispatcher_aggregation_groups", "Number of active aggregation groups.", () => pipeline.GroupCount);
        Gauge("alertmanager_cluster_enabled", "Indicates whether the clustering is enabled or not.", () => pipeline.Cluster is null ? 0 : 1);
        Gauge("alertmanager_cluster_members", "Number indicating current number of members in cluster.", () => pipeline.Cluster?.Peers.Count ?? 1);
        Gauge("alertmanager_cluster_failed_peers", "Number indicating the current number of failed peers in the cluster.",
            () => pipeline.Cluster?.Peers.Count(static peer => peer.IsFailed) ?? 0);
        Gauge("alertmanager_cluster_health_score", "Health score of the cluster. Lower values are better and zero means 'totally healthy'.", () => 0);
        Gauge("alertmanager_peer_position", "Position the Alertmanager instance believes it's in.", () => pipeline.IsLeading ? 0 : 1);
        Gauge("alertmanager_nflog_entries", "Number of entries in the notification log.", () => pipeline.LoggedCount);
        Gauge("alertmanager_receivers", "Number of configured receivers.", () => pipeline.Options?.Receivers.Count ?? 0);
        Gauge("alertmanager_integrations", "Number of configured integrations.",
            () => pipeline.Options?.Receivers.Sum(receiver => receiver.Integrations.Count) ?? 0);
        Gauge("alertmanager_inhibition_rules", "Number of configured inhibition rules.", () => pipeline.Options?.InhibitRules.Count ?? 0);
    }

    private static IEnumerable<Measurement<long>> AlertCounts(AlertingPipeline pipeline) => pipeline.CountByState()
        .Select(state => new Measurement<long>(
            state.Value, new KeyValuePair<string, object?>("state", state.Key.ToString().ToLowerInvariant())));

    private static IEnumerable<Measurement<long>> SilenceCounts(AlertingPipeline pipeline, TimeProvider time)
    {
        var (silences, now) = (pipeline.Silences.All(), time.GetUtcNow());
        return Enum.GetValues<SilenceState>().Select(state => new Measurement<long>(
            silences.Count(silence => silence.StateAt(now) == state),
            new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant())));
    }
}
