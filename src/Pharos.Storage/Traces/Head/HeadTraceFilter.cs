using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Head;

/// <summary>Decides a filter that asks something of whole traces, as if there were no more of a trace than is in memory.</summary>
/// <remarks>Not thread-safe. To be asked of traces only that satisfy <see cref="FilterScope.OfSpansAlone"/>.</remarks>
internal sealed class HeadTraceFilter(HeadSnapshot head, TraceFilter filter, RecordCache<SpanRecordDecoder> decoders)
{
    private static readonly Span AnySpan = new() { TraceId = default, SpanId = 0 };

    private readonly SpanCondition[] _ofTraces = [.. filter.Conditions.Where(static condition => FilterScope.IsOfTrace(condition.Field))];

    /// <summary>What is enough without the trace; null where nothing is.</summary>
    private readonly RecordMatches? _enough = !filter.NeedsAll && OfSpans(filter) is { Length: > 0 } conditions
        ? new RecordMatches(head, filter with { Conditions = conditions }, decoders) : null;

    public bool Satisfies(int trace)
    {
        var facts = FactsOf(trace);

        // The spans of a trace agree on these, and one of them is known to satisfy all else.
        if (filter.NeedsAll)
        {
            return Array.TrueForAll(_ofTraces, condition => SpanMatch.Satisfies(AnySpan, condition, facts));
        }
        return Array.Exists(_ofTraces, condition => SpanMatch.Satisfies(AnySpan, condition, facts))
            || (_enough is not null && _enough.SatisfiesAny(trace));
    }

    private static SpanCondition[] OfSpans(TraceFilter filter) =>
        [.. filter.Conditions.Where(static condition => !FilterScope.IsOfTrace(condition.Field))];

    private TraceFacts FactsOf(int trace)
    {
        var (start, end) = (long.MaxValue, long.MinValue);
        Span? root = null;
        foreach (var place in head.Places(trace))
        {
            var record = head.Records[place.Record];
            var read = RecordSpan.Read(record, place.Span);
            var startNs = record.StartNsOf(place.Span);
            (start, end) = (Math.Min(start, startNs), Math.Max(end, unchecked(startNs + read.DurationNs)));
            if ((read.Fields & SpanFields.Parent) == 0)
            {
                root = TraceSummarizing.Root(root, RootAt(place, read, startNs));
            }
        }
        return new TraceFacts(unchecked(end - start), root?.Resource.ServiceName ?? "", root?.Name ?? "");
    }

    /// <summary>As much of a span as tells which of several is the root.</summary>
    private Span RootAt(HeadSpan place, in RecordSpan read, long startNs)
    {
        var decoder = decoders.Of(head.Records[place.Record]);
        return new Span
        {
            TraceId = default,
            SpanId = head.Records[place.Record].SpanIdOf(place.Span),
            StartNs = startNs,
            Name = decoder.TextAt(read.Name),
            Resource = decoder.ResourceOfScope(read.Scope),
        };
    }
}
