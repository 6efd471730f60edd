using System.Diagnostics.Metrics;

namespace Pharos.Alerting.Cluster;

/// <summary>How this node stands among those that share its state.</summary>
internal sealed class ClusterMetrics
{
    public ClusterMetrics(Meter meter, ClusterNode node)
    {
        meter.CreateObservableGauge("pharos_cluster_leader", () => node.IsLeading ? 1L : 0L,
            description: "Whether this node sends the notifications of all nodes that share its state.");
        meter.CreateObservableGauge("pharos_cluster_lease_epoch", () => node.Epoch,
            description: "Which taking of the lease this node holds, 0 for none; each taking by any node is one more.");
        meter.CreateObservableGauge("pharos_cluster_lease_remaining_seconds", () => node.Remaining.TotalSeconds,
            description: "For how long this node may still send if its lease cannot be renewed.");
        meter.CreateObservableGauge("pharos_cluster_state_reachable", () => node.IsAway ? 0L : 1L,
            description: "Whether the shared state could be reached when this was last tried.");
        Takeovers = meter.CreateCounter<long>("pharos_cluster_takeovers_total", description: "How often this node began to lead.");
        Fenced = meter.CreateCounter<long>("pharos_cluster_deposed_total", description: "How often another node took the lease of this one.");
        Failures = meter.CreateCounter<long>("pharos_cluster_meetings_failed_total", description: "How often the shared state could not be reached.");
        Takeovers.Add(0);
        Fenced.Add(0);
        Failures.Add(0);
    }

    public Counter<long> Takeovers { get; }

    public Counter<long> Fenced { get; }

    public Counter<long> Failures { get; }
}
