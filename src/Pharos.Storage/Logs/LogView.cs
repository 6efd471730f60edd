using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Deletion;
using Pharos.Storage.Logs.Head;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Logs;

/// <summary>What serves at one moment: the heads, the newest last, and the parts.</summary>
internal sealed record LogView(LogHead[] Heads, LogPart[] Parts, PendingDeletion[] Deletions) : IStoreView
{
    /// <summary>The head that takes new entries.</summary>
    public LogHead Newest => Heads[^1];

    IReadOnlyList<ISealedFile> IStoreView.Files => Parts;
}
