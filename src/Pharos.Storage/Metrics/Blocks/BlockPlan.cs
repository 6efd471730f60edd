using Pharos.Storage.Metrics.Head;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Which blocks to merge and which to remove, decided from what they say of themselves.</summary>
internal static class BlockPlan
{
    /// <summary>Each merge joins up to this many windows of the size below, as Prometheus' levels do.</summary>
    private const int MergeFactor = 3;
    private const int MaxLevels = 10;

    /// <summary>No block spans more: its index then names only what lived on that day, and goes with it.</summary>
    private static readonly long DayMs = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>The window lengths that blocks grow through: 2 h, 6 h, a day, as far as a tenth of the retention allows.</summary>
    public static IReadOnlyList<long> WindowLengths(long blockMs, long retentionMs)
    {
        var longest = Math.Max(blockMs, retentionMs > 0 ? Math.Min(retentionMs / 10, DayMs) : DayMs);
        var lengths = new List<long> { blockMs };
        while (lengths.Count < MaxLevels && lengths[^1] <= longest / MergeFactor && !CrossesDays(lengths[^1] * MergeFactor, blockMs))
        {
            lengths.Add(lengths[^1] * MergeFactor);
        }
        if (longest == DayMs && lengths[^1] < DayMs && DayMs % lengths[^1] == 0)
        {
            lengths.Add(DayMs);
        }
        return lengths;
    }

    /// <summary>Whether a window would lie in two days, where the smallest windows do not.</summary>
    private static bool CrossesDays(long lengthMs, long blockMs) => DayMs % blockMs == 0 && DayMs % lengthMs != 0;

    /// <summary>The next blocks to merge, or none. Overlapping blocks come first, then the smallest window that is complete:
    /// one that is full, or that a later block says is over.</summary>
    /// <param name="blocks">Sorted by start.</param>
    public static IReadOnlyList<MetricBlockMeta> NextMerge(IReadOnlyList<MetricBlockMeta> blocks, IReadOnlyList<long> lengths)
    {
        for (var i = 1; i < blocks.Count; i++)
        {
            if (blocks[i].MinTimeMs < blocks[i - 1].MaxTimeMs)
            {
                return [blocks[i - 1], blocks[i]];
            }
        }
        foreach (var length in lengths.Skip(1))
        {
            foreach (var group in blocks.GroupBy(block => TimeWindow.Start(block.MinTimeMs, length)))
            {
                var end = TimeWindow.End(group.Key, length);
                var members = group.Where(block => block.MaxTimeMs <= end).ToArray();
                var isOver = members.Length > 1 && (members[^1].MaxTimeMs == end || blocks[^1].MinTimeMs >= end);
                if (isOver && members.Length == group.Count())
                {
                    return members;
                }
            }
        }
        return [];
    }

    /// <summary>The blocks that end longer before the newest time than the retention allows.</summary>
    public static IReadOnlyList<MetricBlockMeta> Expired(IReadOnlyList<MetricBlockMeta> blocks, long newestMs, long retentionMs) =>
        retentionMs <= 0 ? [] : [.. blocks.Where(block => block.MaxTimeMs <= newestMs - retentionMs)];

    /// <summary>The oldest blocks, as many as must go until the rest fits.</summary>
    /// <param name="blocks">Sorted by start, with the bytes of each.</param>
    /// <param name="otherBytes">What the log takes; it counts, but cannot go.</param>
    public static IReadOnlyList<MetricBlockMeta> BeyondSize(IReadOnlyList<(MetricBlockMeta Meta, long SizeBytes)> blocks,
        long otherBytes, long maxBytes)
    {
        if (maxBytes <= 0)
        {
            return [];
        }
        var total = otherBytes + blocks.Sum(static block => block.SizeBytes);
        var removed = new List<MetricBlockMeta>();
        foreach (var (meta, sizeBytes) in blocks)
        {
            if (total <= maxBytes)
            {
                break;
            }
            total -= sizeBytes;
            removed.Add(meta);
        }
        return removed;
    }
}
