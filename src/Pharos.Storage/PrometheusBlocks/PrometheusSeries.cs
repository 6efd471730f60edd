using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>One series of a Prometheus folder, from every block that has it and from the head.</summary>
internal sealed class PrometheusSeries(LabelSet labels) : IStoredSeries
{
    private readonly List<PrometheusBlockSeries> _blocks = [];
    private SampleBuffer? _head;

    public LabelSet Labels => labels;

    public void Add(PrometheusBlockSeries series) => _blocks.Add(series);

    public void SetHead(SampleBuffer samples) => _head = samples;

    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var start = into.Count;
        foreach (var series in _blocks)
        {
            series.Read(minTimeMs, maxTimeMs, into);
        }
        for (var i = 0; i < _head?.Count; i++)
        {
            if (_head.Timestamps[i] >= minTimeMs && _head.Timestamps[i] <= maxTimeMs)
            {
                _head.CopyTo(into, i);
            }
        }
        SampleOrder.Restore(into, start);
    }
}
