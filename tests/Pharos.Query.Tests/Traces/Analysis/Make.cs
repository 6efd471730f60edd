using Pharos.Query.Traces.Analysis;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces.Analysis;

/// <summary>Traces for tests: spans are named by their last part and have ids by their place.</summary>
internal static class Make
{
    public static readonly TraceId Id = new(7, 9);

    /// <param name="parent">Place of the parent among the spans of the test, from 1; 0 for a root.</param>
    public static Span Span(ulong id, ulong parent, long start, long duration, string name = "", string service = "a") => new()
    {
        TraceId = Id,
        SpanId = id,
        ParentSpanId = parent,
        Name = name.Length > 0 ? name : $"op-{id}",
        StartNs = start,
        EndNs = start + duration,
        Resource = new SpanResource([new SpanAttribute("service.name", AttributeValue.OfText(service))], 0, ""),
    };

    public static Trace Trace(params IReadOnlyList<Span> spans) => new(Id, spans, 0);

    public static TraceTree Tree(params IReadOnlyList<Span> spans) => TraceTree.Of(Trace(spans));
}
