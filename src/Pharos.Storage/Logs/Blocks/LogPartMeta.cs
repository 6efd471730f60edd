using Pharos.Storage.Text;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>What a part's contents table says of it as a whole.</summary>
/// <param name="LineBytes">Of all lines, without newlines.</param>
internal sealed record LogPartMeta(long Number, long MinTimeNs, long MaxTimeNs, int Streams, long Entries, long LineBytes)
{
    /// <summary>The day, since 1970 in UTC, of all its entries.</summary>
    public long Day => NanosecondTime.DayOf(MinTimeNs);

    public bool Overlaps(long startNs, long endNs) => MinTimeNs < endNs && MaxTimeNs >= startNs;
}
