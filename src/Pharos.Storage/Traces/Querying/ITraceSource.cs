using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Querying;

/// <summary>A place with pieces of traces: a head or a block, as one query reads it.</summary>
/// <remarks>Not thread-safe. A piece is some of a trace's spans, often all of them; a source may have several pieces of one trace.
/// Numbers of pieces mean something to their source only.</remarks>
internal interface ITraceSource
{
    /// <summary>Adds the pieces of a trace that are here.</summary>
    void Find(string tenant, TraceId id, List<TracePiece> into);

    /// <summary>False only if it has no piece of a trace; far cheaper than <see cref="Find"/>.</summary>
    /// <param name="besides">A piece of the trace that is known already and does not count; -1 for none.</param>
    bool MayHave(string tenant, TraceId id, int besides);

    /// <summary>Pieces with a span that satisfies the filter, or may once the rest of the trace is known: the newest start first, then by id.</summary>
    IEnumerable<FoundPiece> Search(TraceFilter filter, CancellationToken cancellation);

    /// <summary>Summed up as if it were a whole trace.</summary>
    TraceSummary Summary(int piece);

    /// <summary>By start, then by id; equal ones once.</summary>
    IEnumerable<Span> Spans(int piece);

    /// <summary>Tells of all that spans of a tenant have which start in a range.</summary>
    void Collect(string tenant, long startNs, long endNs, ISpanFacts into, CancellationToken cancellation);
}
