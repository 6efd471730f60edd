using System.Runtime.InteropServices;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Where the samples of the head are: open chunks and the places of full ones in cells, full chunks side by side.</summary>
/// <remarks>Changed by the holder of the head's commit lock. A series' own cells are read under the lock of its page.</remarks>
internal sealed class SampleMemory
{
    private static readonly int PlaceBytes = Marshal.SizeOf<ChunkPlace>();

    public ByteSlab Cells { get; } = new();

    public ChunkArena Chunks { get; } = new();

    /// <summary>The full chunks of a series, the oldest first.</summary>
    public Span<ChunkPlace> FullOf(in SeriesState state) => state.FullCount == 0 ? default
        : MemoryMarshal.Cast<byte, ChunkPlace>(Cells[state.FullPlace])[..state.FullCount];

    public void AddFull(ref SeriesState state, in ChunkPlace chunk)
    {
        var needed = (state.FullCount + 1) * PlaceBytes;
        if (state.FullCount == 0)
        {
            state.FullPlace = Cells.Allocate(needed);
        }
        else if (needed > Cells[state.FullPlace].Length)
        {
            state.FullPlace = Cells.Grow(state.FullPlace, needed);
        }
        state.FullCount++;
        FullOf(state)[^1] = chunk;
    }

    /// <summary>Drops the oldest full chunks of a series.</summary>
    public void DropFull(ref SeriesState state, int count)
    {
        if (count == 0)
        {
            return;
        }
        var full = FullOf(state);
        foreach (ref readonly var chunk in full[..count])
        {
            Chunks.Release(chunk);
        }
        full[count..].CopyTo(full);
        state.FullCount -= count;
        if (state.FullCount == 0)
        {
            Cells.Free(state.FullPlace);
            state.FullPlace = ByteSlab.None;
        }
    }
}
