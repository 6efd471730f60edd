using Microsoft.Extensions.Logging;
using Pharos.Collection.Shipping.Stages.Measuring;

namespace Pharos.Collection.Shipping.Stages;

/// <summary>What the stages of one pipeline run with.</summary>
/// <param name="Job">The scrape configuration's name.</param>
/// <param name="Metrics">Where metrics stages count.</param>
/// <param name="Dropped">Told the reason of each dropped entry; reasons come from the configuration.</param>
public sealed record StageContext(string Job, TimeProvider Time, ILogger Logger, StageMetrics Metrics, Action<string> Dropped)
{
    /// <summary>How long the source shall wait before it reads on; added to by stages that limit a rate, taken by the source.</summary>
    public TimeSpan Wait { get; set; }

    public long NowNs => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
