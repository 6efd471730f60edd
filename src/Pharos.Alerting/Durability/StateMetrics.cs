using System.Diagnostics.Metrics;
using Pharos.Alerting.Silences;

namespace Pharos.Alerting.Durability;

/// <summary>Alertmanager's metrics of its silences and its notification log.</summary>
/// <remarks>Every change is durable at once here: there is no snapshot whose time and size could be told, nor gossip, and those
/// metrics stand at zero so that dashboards and alerts that ask for them find them.</remarks>
internal static class StateMetrics
{
    public static void Register(Meter meter, SilenceStore silences, NotificationLog log)
    {
        Register(meter, "silences", "silence", () => silences.QueryCount, () => silences.CollectCount);
        Register(meter, "nflog", "notification log", () => log.QueryCount, () => log.CollectCount);
    }

    private static void Register(Meter meter, string prefix, string subject, Func<long> queries, Func<long> maintenance)
    {
        void Counter(string name, string description, Func<long> value) =>
            meter.CreateObservableCounter($"alertmanager_{prefix}_{name}", value, description: description);

        Counter("queries_total", $"How many {subject} queries were received.", queries);
        Counter("query_errors_total", $"How many received {subject} queries did not succeed.", () => 0);
        Counter("maintenance_total", $"How many maintenances were executed for the {subject}.", maintenance);
        Counter("maintenance_errors_total", $"How many maintenances were executed for the {subject} that failed.", () => 0);
        Counter("gossip_messages_propagated_total", "Number of received gossip messages that have been further gossiped.", () => 0);
        meter.CreateObservableGauge(
            $"alertmanager_{prefix}_snapshot_size_bytes", () => 0L, description: $"Size of the last {subject} snapshot in bytes.");
    }
}
