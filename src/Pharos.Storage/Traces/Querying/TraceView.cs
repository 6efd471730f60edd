using Pharos.Storage.Sealed;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Head;

namespace Pharos.Storage.Traces.Querying;

/// <summary>What serves at one moment: the heads, the newest last, and the blocks.</summary>
internal sealed record TraceView(TraceHead[] Heads, TraceBlock[] Blocks) : IStoreView
{
    /// <summary>The head that takes new spans.</summary>
    public TraceHead Newest => Heads[^1];

    IReadOnlyList<ISealedFile> IStoreView.Files => Blocks;
}
