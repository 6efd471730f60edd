using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>The spans of one trace, with what is found out about the whole of it when somebody asks.</summary>
internal sealed class TraceSpans(IReadOnlyList<Span> spans)
{
    private SpanTree? _tree;
    private TraceFacts? _facts;

    public IReadOnlyList<Span> Spans => spans;

    public SpanTree Tree => _tree ??= SpanTree.Of(spans);

    public TraceFacts Facts => _facts ??= TraceFacts.Of(spans);

    public Span? ParentOf(int span) => Tree.Parent(span) is not SpanTree.None and var parent ? spans[parent] : null;
}
