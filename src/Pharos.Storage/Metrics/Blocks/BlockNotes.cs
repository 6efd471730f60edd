using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Notes in the log which blocks there are, so that the next start misses one that somebody took away meanwhile.</summary>
/// <remarks>Belongs to whoever runs maintenance, one at a time. A block is noted after it is there, and its going before it goes: what the
/// log names was there, and nobody but a stranger has removed it.</remarks>
internal sealed class BlockNotes
{
    private readonly WalWriter _wal;
    private readonly ReadPoints _points;

    /// <summary>Blocks whose files are there, and could not be opened: they are missed when they go.</summary>
    private readonly NotedBlock[] _unopened;
    private readonly ByteWriter _record = new(256);

    /// <summary>Null where the log says nothing yet, or nobody knows what.</summary>
    private IReadOnlyList<NotedBlock>? _noted;

    /// <param name="noted">What the log says; null for nothing.</param>
    public BlockNotes(WalWriter wal, ReadPoints points, IReadOnlyList<NotedBlock>? noted, IEnumerable<NotedBlock> unopened)
    {
        (_wal, _points, _noted) = (wal, points, noted);
        _unopened = [.. unopened];
    }

    public bool AreCurrent => _noted is not null ? _noted.SequenceEqual(All()) : All().Count == 0;

    /// <summary>The blocks that there are.</summary>
    public IReadOnlyList<NotedBlock> All() => AllOf(_points.View, _unopened);

    public static IReadOnlyList<NotedBlock> AllOf(StoreView view, params NotedBlock[] others) =>
        [.. view.Blocks.Select(static block => NotedBlock.Of(block.Meta)).Concat(others).OrderBy(static block => block.Number)];

    /// <summary>Notes what there is, durably, where the log says something else.</summary>
    /// <exception cref="IOException">The disk refuses; the log says what it said.</exception>
    public void Write()
    {
        if (AreCurrent)
        {
            return;
        }
        var all = All();
        HeadRecord.WriteBlocks(_record, all);
        _noted = null;
        _wal.Append(_record.Written);

        // Before any file goes: a power cut must not bring back a log that names it.
        _wal.Sync();
        _noted = all;
    }

    /// <summary>A checkpoint that stands for the log so far was begun: until it is there, either may be what the next start reads.</summary>
    public void Forget() => _noted = null;

    /// <summary>A checkpoint that names these stands for the log so far.</summary>
    public void Written(IReadOnlyList<NotedBlock> blocks) => _noted = blocks;
}
