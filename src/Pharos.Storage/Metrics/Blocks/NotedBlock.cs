using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>A block as the log notes that it is there.</summary>
/// <param name="MinTimeMs">Start of its window, inclusive.</param>
/// <param name="MaxTimeMs">End of its window, exclusive.</param>
internal readonly record struct NotedBlock(long Number, long MinTimeMs, long MaxTimeMs)
{
    private const int MinBytes = 3;

    public static NotedBlock Of(MetricBlockMeta meta) => new(meta.Number, meta.MinTimeMs, meta.MaxTimeMs);

    /// <summary>Writes all that there are, sorted by number.</summary>
    public static void WriteAll(ByteWriter into, IReadOnlyList<NotedBlock> blocks)
    {
        into.UVarint((ulong)blocks.Count);
        var last = 0L;
        foreach (var block in blocks)
        {
            into.UVarint((ulong)(block.Number - last));
            into.Varint(block.MinTimeMs);
            into.UVarint(unchecked((ulong)(block.MaxTimeMs - block.MinTimeMs)));
            last = block.Number;
        }
    }

    public static NotedBlock[] ReadAll(ref ByteReader from)
    {
        var blocks = new NotedBlock[from.Count(MinBytes)];
        var last = 0L;
        for (var i = 0; i < blocks.Length; i++)
        {
            last += (long)from.UVarint();
            var startMs = from.Varint();
            blocks[i] = new NotedBlock(last, startMs, unchecked(startMs + (long)from.UVarint()));
        }
        return blocks;
    }
}
