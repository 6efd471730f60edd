using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Has the processor fetch what a read of a series looks at first. A walk in the order of labels finds each series somewhere else in
/// memory, and waited for that longer than it computed.</summary>
/// <remarks>Takes no lock: what it reads may be torn or old, and then only what is fetched is of no use. Nothing where the processor
/// has no such instruction.</remarks>
internal static class SeriesPrefetch
{
    private const int LineBytes = 64;

    /// <summary>The state, which is two lines.</summary>
    public static unsafe void State(SeriesTable table, int slot)
    {
        if (Sse.IsSupported)
        {
            var state = (byte*)Unsafe.AsPointer(ref table.StateOf(slot));
            Sse.Prefetch0(state);
            Sse.Prefetch0(state + LineBytes);
        }
    }

    /// <summary>The open chunk and the places of full ones, for whoever has fetched the state before.</summary>
    public static unsafe void Cells(SeriesTable table, int slot)
    {
        if (Sse.IsSupported)
        {
            ref readonly var state = ref table.StateOf(slot);
            var cells = table.Writer.Memory.Cells;
            Sse.Prefetch0(cells.AddressOf(state.OpenPlace));
            Sse.Prefetch0(cells.AddressOf(state.FullPlace));
        }
    }
}
