using Microsoft.Extensions.Logging;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Flow;
using Pharos.Collection.Shipping.Stages.Measuring;

namespace Pharos.Collection.Shipping;

/// <summary>What everything of one shipper shares.</summary>
/// <param name="LineRate">Bounds the lines a second over all sources; null for no bound.</param>
/// <param name="Positions">Promtail's own positions, for files that are new here.</param>
internal sealed record ShipContext(
    ShipperOptions Options, TimeProvider Time, ILogger Logger, ShipMetrics Metrics, StageMetrics StageMetrics, TokenBucket? LineRate,
    PositionsFile Positions, IPushHost? PushHost = null)
{
    public StageContext StagesOf(string job) => new(job, Time, Logger, StageMetrics,
        reason => Metrics.EntriesDropped.Add(1, new KeyValuePair<string, object?>("reason", reason)));
}
