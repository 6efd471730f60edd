using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Log;

/// <summary>What one commit held; reused from read to read.</summary>
public sealed class MetricLogBatch
{
    public List<LoggedSample> Samples { get; } = [];

    public List<(LabelSet Series, Exemplar Exemplar)> Exemplars { get; } = [];

    public List<(string MetricFamily, MetricMetadata Metadata)> Metadata { get; } = [];

    public void Clear()
    {
        Samples.Clear();
        Exemplars.Clear();
        Metadata.Clear();
    }
}
