namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Spans of one request that are left out, and why the first of them is.</summary>
internal struct RejectedSpans
{
    public const string TraceId = "trace_id must be 16 bytes that are not all zero";
    public const string SpanId = "span_id must be 8 bytes that are not all zero";
    public const string ParentId = "parent_span_id must be empty or 8 bytes";
    public const string LinkId = "a link's trace_id must be 16 bytes and its span_id 8";

    public long Count { get; private set; }

    public string Reason { get; private set; }

    public void Add(string reason)
    {
        Reason ??= reason;
        Count++;
    }
}
