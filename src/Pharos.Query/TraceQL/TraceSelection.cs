using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL;

/// <summary>A part of a trace.</summary>
public static class TraceSelection
{
    /// <summary>The spans that a filter picks.</summary>
    /// <param name="withAncestors">Whether the spans above them are given, too, so that they still hang together.</param>
    public static IReadOnlyList<Span> Pick(Trace trace, SpansetExpr.Filter filter, bool withAncestors)
    {
        var spans = new TraceSpans(trace.Spans);
        var test = FieldCompiler.Test(filter.Condition);
        var kept = new bool[trace.Spans.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            if (test(spans, i))
            {
                kept[i] = true;
                for (var above = withAncestors ? spans.Tree.Parent(i) : SpanTree.None; above != SpanTree.None && !kept[above]; above = spans.Tree.Parent(above))
                {
                    kept[above] = true;
                }
            }
        }
        return [.. trace.Spans.Where((_, i) => kept[i])];
    }
}
