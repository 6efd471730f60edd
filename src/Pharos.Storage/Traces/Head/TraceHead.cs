using System.Runtime.InteropServices;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Head;

/// <summary>Spans in memory: those since the head before it was full, until a new head takes its place and it is sealed into blocks.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order, held while a batch becomes visible. Bounded by the store's <c>HeadBytes</c>.</remarks>
internal sealed class TraceHead
{
    /// <summary>Memory for the index of a span, and of a trace.</summary>
    private const int BytesOfSpan = 12;
    private const int BytesOfTrace = 140;

    private readonly Lock _lock = new();
    private readonly List<SpanRecord> _records = [];
    private readonly Dictionary<(string Tenant, TraceId Id), int> _index = [];
    private HeadSpan[] _spans = new HeadSpan[256];
    private HeadTrace[] _traces = new HeadTrace[64];
    private int _spanCount;
    private int _traceCount;
    private long _bytes;
    private HeadSnapshot? _snapshot;

    /// <summary>The segment with which the next head begins; set when this one takes no more.</summary>
    public long EndSegment { get; set; }

    /// <summary>When it got its first span, by the store's monotonic clock; null while it has none.</summary>
    public long? SinceTimestamp { get; set; }

    public long Bytes => Volatile.Read(ref _bytes);

    public int Spans => Volatile.Read(ref _spanCount);

    /// <summary>Shows readers a batch.</summary>
    public void Add(SpanRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
            for (var i = 0; i < record.Spans.Length; i++)
            {
                Add(record, i);
            }
            Volatile.Write(ref _bytes, _bytes + record.Bytes);
            _snapshot = null;
        }
    }

    /// <summary>All that is here now.</summary>
    public HeadSnapshot Snapshot()
    {
        lock (_lock)
        {
            return _snapshot ??= new HeadSnapshot(this, [.. _records], _spans, _spanCount, _traces.AsSpan(0, _traceCount).ToArray());
        }
    }

    /// <summary>The number of a trace; -1 where there is none.</summary>
    public int Find(string tenant, TraceId id)
    {
        lock (_lock)
        {
            return _index.TryGetValue((tenant, id), out var number) ? number : -1;
        }
    }

    private void Add(SpanRecord record, int span)
    {
        if (_spanCount == _spans.Length)
        {
            Array.Resize(ref _spans, _spans.Length * 2);
        }
        var (id, startNs) = (record.TraceIdOf(span), record.StartNsOf(span));
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, (record.Tenant, id), out var isKnown);
        if (!isKnown)
        {
            if (_traceCount == _traces.Length)
            {
                Array.Resize(ref _traces, _traces.Length * 2);
            }
            number = _traceCount++;
            _traces[number] = new HeadTrace
            {
                Tenant = record.Tenant, Id = id, First = _spanCount, Last = _spanCount, StartNs = startNs, LastStartNs = startNs,
            };
            _bytes += BytesOfTrace;
        }
        else
        {
            ref var trace = ref _traces[number];
            _spans[trace.Last] = _spans[trace.Last] with { Next = _spanCount };
            trace.Last = _spanCount;
            trace.StartNs = Math.Min(trace.StartNs, startNs);
            trace.LastStartNs = Math.Max(trace.LastStartNs, startNs);
        }
        _spans[_spanCount++] = new HeadSpan(_records.Count - 1, span, -1);
        _bytes += BytesOfSpan;
    }
}
