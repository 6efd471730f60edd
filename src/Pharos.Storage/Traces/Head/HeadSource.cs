using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Head;

/// <summary>A head as one query reads it.</summary>
internal sealed class HeadSource(HeadSnapshot head) : ITraceSource
{
    private readonly RecordCache<SpanRecordDecoder> _decoders = new(static record => new SpanRecordDecoder(record));

    public void Find(string tenant, TraceId id, List<TracePiece> into)
    {
        if (head.Find(tenant, id) is var number and >= 0)
        {
            into.Add(new TracePiece(this, number));
        }
    }

    public bool MayHave(string tenant, TraceId id, int besides) => besides < 0 && head.Find(tenant, id) >= 0;

    public IEnumerable<FoundPiece> Search(TraceFilter filter, CancellationToken cancellation)
    {
        var ofSpans = FilterScope.OfSpansAlone(filter);
        var matches = new RecordMatches(head, ofSpans, _decoders);
        var ofTraces = ReferenceEquals(ofSpans, filter) ? null : new HeadTraceFilter(head, filter, _decoders);
        foreach (var number in head.NewestFirst)
        {
            cancellation.ThrowIfCancellationRequested();
            if (MayMatch(number, filter) && matches.SatisfiesAny(number))
            {
                var isCertain = ofTraces is null || ofTraces.Satisfies(number);
                yield return new FoundPiece(number, head.Traces[number].Id, head.Traces[number].StartNs, isCertain);
            }
        }
    }

    public TraceSummary Summary(int piece) => TraceSummarizing.Summarize(SpanOrder.Sorted(Read(piece)));

    public IEnumerable<Span> Spans(int piece) => SpanOrder.Sorted(Read(piece));

    public void Collect(string tenant, long startNs, long endNs, ISpanFacts into, CancellationToken cancellation)
    {
        var key = into.WantsOperations || into.WantedKey is null ? null : SpanRecord.AsStored(into.WantedKey);
        for (var number = 0; number < head.Records.Length && !into.IsFull; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = head.Records[number];
            if (record.Tenant != tenant || record.NewestNs < startNs || record.OldestNs >= endNs)
            {
                continue;
            }
            if (key is not null)
            {
                RecordValues.Tell(record, key, startNs, endNs, into);
                continue;
            }
            var isWhole = record.OldestNs >= startNs && record.NewestNs < endNs;
            (isWhole ? record.Facts : RecordFacts.Of(record, startNs, endNs - 1)).Tell(into);
        }
    }

    private bool MayMatch(int number, TraceFilter filter)
    {
        ref var trace = ref head.Traces[number];
        return trace.LastStartNs >= filter.StartNs && trace.StartNs < filter.EndNs && trace.Tenant == filter.Tenant;
    }

    private IEnumerable<Span> Read(int trace)
    {
        foreach (var place in head.Places(trace))
        {
            yield return _decoders.Of(head.Records[place.Record]).Span(place.Span);
        }
    }
}
