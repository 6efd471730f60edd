using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Querying;

namespace Pharos.Storage.Traces.Upkeep;

/// <summary>Goes through the traces of a block in their order.</summary>
internal sealed class BlockCursor(TraceBlock block, IBlockDamage damage)
{
    /// <summary>Pieces that went with others of their trace, and are still to come here.</summary>
    private readonly HashSet<int> _taken = [];
    private TraceSummary[] _summaries = [];
    private int _page = -1;
    private int _at;

    public BlockSource Source { get; } = new(block, damage);

    public string Tenant { get; private set; } = "";

    public TraceId Id => _summaries[_at].Id;

    /// <summary>Whether nothing of the page at hand was gone through.</summary>
    public bool IsAtPage => _at == 0;

    public SpanPage Page => Source.Page(_page);

    private int Piece => block.Pages[_page].FirstTrace + _at;

    public bool MoveNext()
    {
        do
        {
            if (!Step())
            {
                return false;
            }
        }
        while (_taken.Remove(Piece));
        return true;
    }

    /// <summary>Notes which pieces need not be given any more.</summary>
    public void Take(List<TracePiece> pieces)
    {
        foreach (var piece in pieces)
        {
            if (ReferenceEquals(piece.Source, Source))
            {
                _taken.Add(piece.Number);
            }
        }
    }

    /// <summary>Goes on while the trace at hand was taken.</summary>
    /// <returns>Whether there is one at hand.</returns>
    public bool SkipTaken() => !_taken.Remove(Piece) || MoveNext();

    /// <summary>Leaves the trace at hand.</summary>
    /// <returns>Whether there is another one.</returns>
    public bool Leave()
    {
        _taken.Remove(Piece);
        return MoveNext();
    }

    /// <summary>Leaves the page at hand, of which nothing was taken.</summary>
    /// <returns>Whether there is another one.</returns>
    public bool LeavePage()
    {
        _at = _summaries.Length - 1;
        return MoveNext();
    }

    /// <summary>The order in which blocks have traces.</summary>
    public int OrderTo(BlockCursor other) => Order(_at, other);

    /// <summary>Whether all traces of the page at hand come before those that another one still has.</summary>
    public bool IsPageBefore(BlockCursor other)
    {
        // A long trace's later pieces stand at the place of its first one, so the last need not be the latest.
        for (var i = 0; i < _summaries.Length; i++)
        {
            if (Order(i, other) >= 0)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether no trace of the page at hand has pieces in other pages of its block, where they would be neighbours.</summary>
    public bool IsPageWhole()
    {
        var (first, last) = (block.Pages[_page].FirstTrace, block.Pages[_page].FirstTrace + _summaries.Length - 1);
        for (var i = 0; i < _summaries.Length; i++)
        {
            if (_taken.Count > 0 && _taken.Contains(first + i))
            {
                return false;
            }
        }
        return (first == 0 || block.Index.IdOf(first - 1) != _summaries[0].Id)
            && (last == block.Meta.Traces - 1 || block.Index.IdOf(last + 1) != _summaries[^1].Id);
    }

    /// <summary>Whether another block has a piece of a trace of the page at hand.</summary>
    public bool SharesPage(List<BlockSource> sources)
    {
        var pieces = new List<TracePiece>();
        foreach (var source in sources.Where(source => !ReferenceEquals(source, Source)))
        {
            foreach (var summary in _summaries)
            {
                source.Find(Tenant, summary.Id, pieces);
                if (pieces.Count > 0)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>The spans of the traces of the page at hand.</summary>
    public IEnumerable<IEnumerable<Span>> PageTraces()
    {
        for (var i = 0; i < _summaries.Length; i++)
        {
            yield return Source.Spans(block.Pages[_page].FirstTrace + i);
        }
    }

    private int Order(int at, BlockCursor other) => string.CompareOrdinal(other.Tenant, Tenant) is var byTenant and not 0 ? byTenant
        : _summaries[at].StartNs.CompareTo(other._summaries[other._at].StartNs) is var byTime and not 0 ? byTime
        : other.Id.CompareTo(_summaries[at].Id);

    private bool Step()
    {
        if (_page >= 0 && ++_at < _summaries.Length)
        {
            return true;
        }
        while (++_page < block.Pages.Length)
        {
            if (Source.TrySummaries(_page, out var summaries, out var tenant))
            {
                (_summaries, _at, Tenant) = (summaries, 0, tenant);
                return true;
            }
        }
        return false;
    }
}
