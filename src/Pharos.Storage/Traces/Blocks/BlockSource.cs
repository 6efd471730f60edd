using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>A block as one query reads it. Pages that cannot be read are reported and left out.</summary>
internal sealed class BlockSource(TraceBlock block, IBlockDamage damage) : ITraceSource
{
    /// <summary>Pages that stay unpacked for the next question: a search and what it takes out, which may be elsewhere.</summary>
    private const int MaxPages = 4;

    private readonly List<SpanPage> _pages = [];
    private readonly List<int> _found = [];
    private BlockTables? _tables;

    public void Find(string tenant, TraceId id, List<TracePiece> into)
    {
        try
        {
            _found.Clear();
            block.Index.Find(id, _found);
            foreach (var piece in _found)
            {
                var page = block.PageOf(piece);
                if (!block.IsPageDamaged(page) && Tables.Symbols[block.Pages[page].Tenant] == tenant)
                {
                    into.Add(new TracePiece(this, piece));
                }
            }
        }
        catch (IOException exception)
        {
            damage.Damaged(block, -1, exception);
        }
    }

    public bool MayHave(string tenant, TraceId id, int besides) => besides < 0 ? block.Index.MayHave(id) : block.HasLongTraces;

    public IEnumerable<FoundPiece> Search(TraceFilter filter, CancellationToken cancellation)
    {
        if (!block.Meta.Overlaps(filter.StartNs, filter.EndNs) || block.IsPageDamaged(-1))
        {
            yield break;
        }
        var ofSpans = FilterScope.OfSpansAlone(filter);
        var search = new BlockFilter(ofSpans, Tables);
        var whole = ReferenceEquals(ofSpans, filter) ? null : new BlockFilter(filter, Tables);
        for (var number = block.Pages.Length - 1; number >= 0; number--)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = block.Pages[number];
            if (Tables.Symbols[entry.Tenant] != filter.Tenant || !search.MayMatch(entry) || block.IsPageDamaged(number))
            {
                continue;
            }
            foreach (var piece in SearchPage(number, search, whole))
            {
                yield return piece;
            }
        }
    }

    public TraceSummary Summary(int piece)
    {
        var page = PageAt(block.PageOf(piece));
        return page.Summaries[piece - page.Entry.FirstTrace];
    }

    public IEnumerable<Span> Spans(int piece)
    {
        var number = block.PageOf(piece);
        if (block.IsPageDamaged(number))
        {
            return [];
        }
        try
        {
            var page = PageAt(number);

            // All that can be damaged is read before the first is given.
            return [.. page.Spans(piece - page.Entry.FirstTrace)];
        }
        catch (IOException exception)
        {
            damage.Damaged(block, number, exception);
            return [];
        }
    }

    public void Collect(string tenant, long startNs, long endNs, ISpanFacts into, CancellationToken cancellation)
    {
        if (!block.Meta.Overlaps(startNs, endNs) || block.IsPageDamaged(-1))
        {
            return;
        }
        try
        {
            if (into.WantedKey is null && block.Meta.MinStartNs >= startNs && block.Meta.MaxStartNs < endNs)
            {
                block.ReadCatalogue().Tell(tenant, into);
                return;
            }
        }
        catch (IOException exception)
        {
            damage.Damaged(block, -1, exception);
            return;
        }
        var filter = new BlockFilter(new TraceFilter { Tenant = tenant, StartNs = startNs, EndNs = endNs }, Tables);
        for (var number = block.Pages.Length - 1; number >= 0 && !into.IsFull; number--)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = block.Pages[number];
            if (Tables.Symbols[entry.Tenant] != tenant || !filter.MayMatch(entry) || block.IsPageDamaged(number))
            {
                continue;
            }
            try
            {
                PageFacts.Tell(PageAt(number), startNs, endNs, into);
            }
            catch (IOException exception)
            {
                damage.Damaged(block, number, exception);
            }
        }
    }

    /// <summary>The summaries of a page's pieces, and whose they are; false where the page cannot be read.</summary>
    public bool TrySummaries(int number, out TraceSummary[] summaries, out string tenant)
    {
        (summaries, tenant) = ([], "");
        if (block.IsPageDamaged(number))
        {
            return false;
        }
        try
        {
            tenant = Tables.Symbols[block.Pages[number].Tenant];
            summaries = PageAt(number).Summaries;
            return true;
        }
        catch (IOException exception)
        {
            damage.Damaged(block, number, exception);
            return false;
        }
    }

    /// <summary>A page; what of it cannot be read shows when it is asked for.</summary>
    public SpanPage Page(int number) => PageAt(number);

    private BlockTables Tables => _tables ??= block.SharedTables();

    private List<FoundPiece> SearchPage(int number, BlockFilter search, BlockFilter? whole)
    {
        var found = new List<FoundPiece>();
        try
        {
            var page = PageAt(number);
            if (search.Match(page) is not { } rows)
            {
                return found;
            }
            var certain = whole is null ? rows : whole.Match(page);
            var (firsts, hasCertain) = (page.FirstRows, false);
            for (var piece = page.Entry.Traces - 1; piece >= 0; piece--)
            {
                var (first, count) = (firsts[piece], firsts[piece + 1] - firsts[piece]);
                if (Array.IndexOf(rows, true, first, count) >= 0)
                {
                    var isCertain = certain is not null && Array.IndexOf(certain, true, first, count) >= 0;
                    found.Add(new FoundPiece(page.Entry.FirstTrace + piece, page.IdOf(piece), page.Traces.Starts[piece], isCertain));
                    hasCertain |= isCertain;
                }
            }
            if (hasCertain)
            {
                // What is given is summed up: read here, where damage is noted.
                _ = page.Summaries;
            }
            return found;
        }
        catch (IOException exception)
        {
            damage.Damaged(block, number, exception);
            return [];
        }
    }

    private SpanPage PageAt(int number)
    {
        for (var i = 0; i < _pages.Count; i++)
        {
            if (_pages[i].Number == number)
            {
                return _pages[i];
            }
        }
        var page = new SpanPage(block, number, Tables);
        if (_pages.Count == MaxPages)
        {
            _pages.RemoveAt(0);
        }
        _pages.Add(page);
        return page;
    }
}
