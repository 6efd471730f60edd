using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>One series of a view, read from every block that has it and then from the head.</summary>
internal sealed class MergedSeries : IStoredSeries
{
    /// <summary>Most series of a view are in the head only, and many: their lists are one.</summary>
    private static readonly List<MetricBlockSeries> NoBlocks = [];

    private List<MetricBlockSeries> _blocks = NoBlocks;
    private HeadPart? _head;
    private int _place;
    private long _fromMs = long.MinValue;
    private LabelSet? _labels;

    /// <summary>A series of a block.</summary>
    public MergedSeries(MetricBlockSeries series)
    {
        _labels = series.Labels;
        Add(series);
    }

    /// <summary>A series of the head, by its place in the selection.</summary>
    public MergedSeries(HeadPart head, int place) => (_head, _place) = (head, place);

    public LabelSet Labels => _labels ??= _head!.Selection.LabelsAt(_place);

    /// <summary>Joins the parts of each series, in the order in which they come, and sorts the series by their labels.</summary>
    public static MergedSeries[] Merge(List<MergedSeries> parts)
    {
        var keys = LabelSetOrder.Keys(parts.ConvertAll(static part => part.Labels).ToArray());
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Array.Sort(keys, order);
        var merged = new MergedSeries[keys.Length];
        var count = 0;
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }
            // Sorting may have changed the order of equals.
            var same = order.AsSpan(from..to);
            same.Sort();
            merged[count] = parts[same[0]];
            foreach (var other in same[1..])
            {
                merged[count].Join(parts[other]);
            }
            count++;
            from = to;
        }
        return count == merged.Length ? merged : merged[..count];
    }

    /// <summary>Blocks come sorted by their first time.</summary>
    private void Add(MetricBlockSeries series) => AddAll([series]);

    /// <summary>Takes over what another holds of the same series: later blocks, or the head's part.</summary>
    public void Join(MergedSeries other)
    {
        AddAll(other._blocks);
        if (other._head is not null)
        {
            (_head, _place) = (other._head, other._place);
        }
    }

    public bool TryNewest(out long timestampMs, out double value)
    {
        timestampMs = 0;
        value = 0;
        if (_blocks.Count > 0 || _head is not { } head)
        {
            return false;
        }
        head.Selection.Passing(_place);
        return HeadSeries(head).TryNewest(head.Commit, Math.Max(head.FromMs, _fromMs), out timestampMs, out value);
    }

    private void AddAll(List<MetricBlockSeries> blocks)
    {
        if (blocks.Count == 0)
        {
            return;
        }
        if (_blocks == NoBlocks)
        {
            _blocks = [];
        }
        _blocks.AddRange(blocks);
    }

    /// <summary>Samples before a time are past their retention, though they are still there.</summary>
    public void HideBefore(long timeMs) => _fromMs = timeMs;

    public bool HasChunkIn(long minTimeMs, long maxTimeMs) =>
        _blocks.Exists(block => Array.Exists(block.Chunks, chunk => chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs))
        || (_head is { } head && HeadSeries(head).HasChunkIn(head.Commit, head.FromMs, minTimeMs, maxTimeMs));

    /// <summary>Whether some of it is deleted, so that nothing may be left in a range that chunks overlap.</summary>
    public bool HasDeleted => (_head is { } head && HeadSeries(head).HasDeleted) || _blocks.Exists(static block => block.Deleted is not null);

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
            head.Selection.Reading(_place);
            using var view = HeadSeries(head).View(head.Commit);
            view.Read(head.FromMs, minTimeMs, maxTimeMs, into);
        }
        if (_blocks.Count > 0)
        {
            SampleOrder.Restore(into, start);
        }
    }

    private HeadSeries HeadSeries(HeadPart head) => head.Selection[_place];
}
