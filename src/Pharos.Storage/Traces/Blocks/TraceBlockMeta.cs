using Pharos.Storage.Text;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>What a block's contents table says of it as a whole.</summary>
/// <param name="MinStartNs">The earliest start of a span.</param>
/// <param name="MaxStartNs">The latest start of a span.</param>
/// <param name="Traces">Pieces of traces.</param>
internal sealed record TraceBlockMeta(long Number, long MinStartNs, long MaxStartNs, int Traces, long Spans)
{
    /// <summary>The day, since 1970 in UTC, of the newest span: by it blocks are merged and removed.</summary>
    public long Day => NanosecondTime.DayOf(MaxStartNs);

    public bool Overlaps(long startNs, long endNs) => MinStartNs < endNs && MaxStartNs >= startNs;
}
