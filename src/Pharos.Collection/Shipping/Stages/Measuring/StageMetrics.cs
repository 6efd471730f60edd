using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pharos.Collection.Shipping.Stages.Measuring;

/// <summary>The metrics that pipelines make of lines; they live as long as the server, over reloads.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class StageMetrics(Meter meter, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, StageMetric> _metrics = new(StringComparer.Ordinal);

    /// <summary>The metric of a name; that which was made first where two are configured differently.</summary>
    internal StageMetric Of(StageMetricOptions options)
    {
        lock (_metrics)
        {
            return _metrics.GetOrAdd(options.Name, _ => new StageMetric(options, meter, time));
        }
    }
}
