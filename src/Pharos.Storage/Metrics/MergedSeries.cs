using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>One series of a view, read from every block that has it and then from the head.</summary>
internal sealed class MergedSeries(LabelSet labels) : IStoredSeries
{
    private readonly List<MetricBlockSeries> _blocks = [];
    private HeadSeries? _head;
    private long _commit;
    private long _headFromMs;
    private long _fromMs = long.MinValue;

    public LabelSet Labels { get; } = labels;

    /// <summary>Blocks come sorted by their first time.</summary>
    public void Add(MetricBlockSeries series) => _blocks.Add(series);

    /// <param name="commit">The newest commit that the view sees.</param>
    /// <param name="headFromMs">What lies before is in the blocks, even if the head still has it.</param>
    public void SetHead(HeadSeries series, long commit, long headFromMs)
    {
        _head = series;
        _commit = commit;
        _headFromMs = headFromMs;
    }

    /// <summary>Samples before a time are past their retention, though they are still there.</summary>
    public void HideBefore(long timeMs) => _fromMs = timeMs;

    public bool HasChunkIn(long minTimeMs, long maxTimeMs) =>
        _blocks.Exists(block => Array.Exists(block.Chunks, chunk => chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs))
        || _head?.HasChunkIn(_commit, _headFromMs, minTimeMs, maxTimeMs) == true;

    /// <summary>Whether some of it is deleted, so that nothing may be left in a range that chunks overlap.</summary>
    public bool HasDeleted => _head?.HasDeleted == true || _blocks.Exists(static block => block.Deleted is not null);

    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        minTimeMs = Math.Max(minTimeMs, _fromMs);
        var start = into.Count;
        foreach (var series in _blocks)
        {
            series.Read(minTimeMs, maxTimeMs, into);
        }
        if (_head is { } head)
        {
            using var view = head.View(_commit);
            view.Read(_headFromMs, minTimeMs, maxTimeMs, into);
        }
        if (_blocks.Count > 0)
        {
            SampleOrder.Restore(into, start);
        }
    }
}
