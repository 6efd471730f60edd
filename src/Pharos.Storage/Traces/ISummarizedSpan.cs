namespace Pharos.Storage.Traces;

/// <summary>What a summary of a trace wants to know of a span, however it is stored.</summary>
internal interface ISummarizedSpan
{
    TraceId TraceId { get; }

    ulong SpanId { get; }

    /// <summary>0 for a root.</summary>
    ulong ParentSpanId { get; }

    long StartNs { get; }

    long EndNs { get; }

    SpanStatus Status { get; }

    string Name { get; }

    string ServiceName { get; }
}
