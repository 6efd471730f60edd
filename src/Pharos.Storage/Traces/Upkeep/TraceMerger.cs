using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Querying;

namespace Pharos.Storage.Traces.Upkeep;

/// <summary>Writes the traces of some blocks into one; pieces of one trace become one, equal spans too.</summary>
/// <remarks>Pages whose traces come next, one after the other, and are nowhere else are copied: all but those about the times at which blocks were
/// sealed. Only the others are unpacked and packed again.</remarks>
internal sealed class TraceMerger(IReadOnlyList<TraceBlock> blocks, IBlockDamage damage)
{
    private readonly List<BlockCursor> _cursors = [];
    private readonly List<BlockSource> _sources = [];
    private readonly List<TracePiece> _pieces = [];

    /// <returns>Whether there was anything to write.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public bool Run(TraceBlockWriter into, CancellationToken cancellation)
    {
        foreach (var block in blocks)
        {
            var cursor = new BlockCursor(block, damage);
            if (cursor.MoveNext())
            {
                _cursors.Add(cursor);
                _sources.Add(cursor.Source);
            }
        }
        while (_cursors.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = _cursors[0];
            foreach (var cursor in _cursors)
            {
                first = cursor.OrderTo(first) < 0 ? cursor : first;
            }
            if (!first.IsAtPage || !TryAddPage(first, into))
            {
                AddTrace(first, into);
            }
        }
        return !into.IsEmpty;
    }

    /// <summary>Adds the whole page that a cursor is at, where nothing has to be put between or together with its traces.</summary>
    private bool TryAddPage(BlockCursor first, TraceBlockWriter into)
    {
        var page = first.Page;
        if (!TraceBlockWriter.IsWorthCopying(page.Entry) || !first.IsPageWhole()
            || !_cursors.TrueForAll(other => ReferenceEquals(other, first) || first.IsPageBefore(other))
            || first.SharesPage(_sources) || !into.TryAdd(first.Tenant, page, first.PageTraces()))
        {
            return false;
        }
        if (!first.LeavePage())
        {
            _cursors.Remove(first);
        }
        return true;
    }

    private void AddTrace(BlockCursor first, TraceBlockWriter into)
    {
        _pieces.Clear();
        foreach (var source in _sources)
        {
            source.Find(first.Tenant, first.Id, _pieces);
        }
        into.Add(first.Tenant, SpanOrder.Merged(_pieces));
        foreach (var cursor in _cursors)
        {
            cursor.Take(_pieces);
        }

        // The first goes on even if the page that it is at was found damaged meanwhile, and so is not among the pieces.
        _cursors.RemoveAll(cursor => !(ReferenceEquals(cursor, first) ? cursor.Leave() : cursor.SkipTaken()));
    }
}
