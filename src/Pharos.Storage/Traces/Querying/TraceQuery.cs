using Pharos.Storage.Sealed;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Head;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Querying;

/// <summary>One question to a view: puts the pieces of traces together that lie in several blocks and heads.</summary>
/// <remarks>Not thread-safe. Holds the view's blocks until it is disposed.</remarks>
internal sealed class TraceQuery : IDisposable
{
    private readonly TraceView _view;
    private readonly ITraceSource[] _sources;
    private bool _isDisposed;

    public TraceQuery(StoreViews<TraceView> views, IBlockDamage damage)
    {
        _view = views.Open();

        // Heads first: what is sealed meanwhile is still in the head of this view.
        _sources =
        [
            .. _view.Heads.Select(static head => new HeadSource(head.Snapshot())),
            .. _view.Blocks.Select(block => new BlockSource(block, damage)),
        ];
    }

    public Trace? Get(string tenant, TraceId id, int maxSpans)
    {
        var pieces = PiecesOf(tenant, id);
        var kept = new List<Span>();
        var leftOut = 0;
        foreach (var span in SpanOrder.Merged(pieces))
        {
            if (kept.Count < maxSpans)
            {
                kept.Add(span);
            }
            else
            {
                leftOut++;
            }
        }
        return kept.Count + leftOut == 0 ? null : new Trace(id, kept, leftOut);
    }

    /// <summary>Traces with a span that satisfies the filter, the newest start first, then by id.</summary>
    public IEnumerable<(TraceSummary Summary, IReadOnlyList<TracePiece> Pieces)> Search(TraceFilter filter, CancellationToken cancellation)
    {
        var cursors = new List<IEnumerator<FoundPiece>>();
        var sourceOf = new Dictionary<IEnumerator<FoundPiece>, ITraceSource>();
        var waiting = new PriorityQueue<(TraceSummary Summary, IReadOnlyList<TracePiece> Pieces), (long StartNs, TraceId Id)>(NewestFirst.Instance);

        // Only traces of several pieces are remembered: each other one is found once.
        var seen = new HashSet<TraceId>();
        try
        {
            foreach (var source in _sources)
            {
                var cursor = source.Search(filter, cancellation).GetEnumerator();
                cursors.Add(cursor);
                sourceOf.Add(cursor, source);
                Advance(cursor, cursors);
            }
            while (cursors.Count > 0 || waiting.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var next = NewestOf(cursors);
                if (waiting.TryPeek(out var first, out var key)
                    && (next is null || NewestFirst.Instance.Compare(key, (next.Current.StartNs, next.Current.Id)) <= 0))
                {
                    waiting.Dequeue();
                    yield return first;
                    continue;
                }
                var found = next!.Current;
                var single = TakeSingle(found, sourceOf[next], filter, seen, waiting);
                Advance(next, cursors);
                if (single is { } trace)
                {
                    yield return trace;
                }
            }
        }
        finally
        {
            foreach (var cursor in cursors)
            {
                cursor.Dispose();
            }
        }
    }

    public void Collect(string tenant, long startNs, long endNs, ISpanFacts into, CancellationToken cancellation)
    {
        foreach (var source in _sources)
        {
            if (into.IsFull)
            {
                return;
            }
            source.Collect(tenant, startNs, endNs, into, cancellation);
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            ISealedFile.ReleaseAll(_view.Blocks);
        }
    }

    /// <summary>What is found of a trace: given at once if it is all there is of it, else put aside with its true start.</summary>
    private (TraceSummary, IReadOnlyList<TracePiece>)? TakeSingle(FoundPiece found, ITraceSource source, TraceFilter filter, HashSet<TraceId> seen,
        PriorityQueue<(TraceSummary, IReadOnlyList<TracePiece>), (long, TraceId)> waiting)
    {
        if (seen.Contains(found.Id) || !found.IsCertain && !HasMore(found, source, filter.Tenant))
        {
            return null;
        }
        var pieces = PiecesOf(filter.Tenant, found.Id);
        if (pieces.Count == 1)
        {
            return found.IsCertain ? (source.Summary(found.Number), pieces) : null;
        }
        seen.Add(found.Id);
        var spans = SpanOrder.Merged(pieces).ToList();
        if (spans.Count == 0)
        {
            return null;
        }
        var summary = TraceSummarizing.Summarize(spans);
        var facts = TraceFacts.Of(summary);
        if (!found.IsCertain || FilterScope.AsksTrace(filter))
        {
            if (!spans.Exists(span => SpanMatch.Satisfies(span, filter, facts)))
            {
                return null;
            }
        }
        waiting.Enqueue((summary, pieces), (summary.StartNs, summary.Id));
        return null;
    }

    /// <summary>Whether there may be more of a trace than a piece that does not satisfy the filter by itself.</summary>
    private bool HasMore(in FoundPiece found, ITraceSource source, string tenant)
    {
        foreach (var other in _sources)
        {
            if (other.MayHave(tenant, found.Id, ReferenceEquals(other, source) ? found.Number : -1))
            {
                return true;
            }
        }
        return false;
    }

    private List<TracePiece> PiecesOf(string tenant, TraceId id)
    {
        var pieces = new List<TracePiece>();
        foreach (var source in _sources)
        {
            source.Find(tenant, id, pieces);
        }
        return pieces;
    }

    private static void Advance(IEnumerator<FoundPiece> cursor, List<IEnumerator<FoundPiece>> cursors)
    {
        if (!cursor.MoveNext())
        {
            cursor.Dispose();
            cursors.Remove(cursor);
        }
    }

    private static IEnumerator<FoundPiece>? NewestOf(List<IEnumerator<FoundPiece>> cursors)
    {
        IEnumerator<FoundPiece>? newest = null;
        foreach (var cursor in cursors)
        {
            if (newest is null || NewestFirst.Instance.Compare(
                (cursor.Current.StartNs, cursor.Current.Id), (newest.Current.StartNs, newest.Current.Id)) < 0)
            {
                newest = cursor;
            }
        }
        return newest;
    }

    private sealed class NewestFirst : IComparer<(long StartNs, TraceId Id)>
    {
        public static readonly NewestFirst Instance = new();

        public int Compare((long StartNs, TraceId Id) left, (long StartNs, TraceId Id) right) =>
            right.StartNs.CompareTo(left.StartNs) is var byTime and not 0 ? byTime : left.Id.CompareTo(right.Id);
    }
}
