using Pharos.Storage.Traces.Records;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Head;

/// <summary>Which spans in memory satisfy a filter that asks nothing of whole traces, decided on their bytes where that can be.</summary>
/// <remarks>Not thread-safe. Agrees with <see cref="SpanMatch"/>. A record is decided as a whole when the first of its spans is asked for:
/// most records say no to a filter without a look at their spans, and the traces of a record mostly come together. Takes a bit for each span.</remarks>
internal sealed class RecordMatches(HeadSnapshot head, TraceFilter filter, RecordCache<SpanRecordDecoder> decoders)
{
    private readonly HeadCondition[] _conditions =
        [.. filter.Conditions.Select(static condition => new HeadCondition(condition)).OrderBy(static condition => condition.Cost)];

    /// <summary>A bit for each span of a record; empty where none satisfies the filter, null where that is not known yet.</summary>
    private readonly ulong[]?[] _ofRecord = new ulong[head.Records.Length][];

    /// <summary>Whether a span of a trace satisfies the filter.</summary>
    public bool SatisfiesAny(int trace)
    {
        foreach (var place in head.Places(trace))
        {
            if (Satisfies(place.Record, place.Span))
            {
                return true;
            }
        }
        return false;
    }

    private bool Satisfies(int record, int span)
    {
        var spans = _ofRecord[record] ??= Match(record);
        return spans.Length > 0 && ((spans[span >> 6] >> (span & 63)) & 1) != 0;
    }

    private ulong[] Match(int number)
    {
        var record = head.Records[number];
        if (record.NewestNs < filter.StartNs || record.OldestNs >= filter.EndNs)
        {
            return [];
        }
        var conditions = new List<RecordCondition>();
        foreach (var asked in _conditions)
        {
            var condition = new RecordCondition(asked, record, () => decoders.Of(record));
            if (condition.MayMatch)
            {
                conditions.Add(condition);
            }
            else if (filter.NeedsAll)
            {
                return [];
            }
        }
        return conditions.Count == 0 && _conditions.Length > 0 ? [] : Match(record, [.. conditions]);
    }

    private ulong[] Match(SpanRecord record, RecordCondition[] conditions)
    {
        var spans = new ulong[(record.Spans.Length + 63) >> 6];
        var isWhole = record.OldestNs >= filter.StartNs && record.NewestNs < filter.EndNs;
        for (var span = 0; span < record.Spans.Length; span++)
        {
            if ((isWhole || (record.StartNsOf(span) is var startNs && startNs >= filter.StartNs && startNs < filter.EndNs))
                && (conditions.Length == 0 || Satisfies(record, span, conditions)))
            {
                spans[span >> 6] |= 1UL << (span & 63);
            }
        }
        return spans;
    }

    private bool Satisfies(SpanRecord record, int span, RecordCondition[] conditions)
    {
        var read = RecordSpan.Read(record, span);
        foreach (var condition in conditions)
        {
            if (condition.Satisfies(span, read) != filter.NeedsAll)
            {
                return !filter.NeedsAll;
            }
        }
        return filter.NeedsAll;
    }
}
