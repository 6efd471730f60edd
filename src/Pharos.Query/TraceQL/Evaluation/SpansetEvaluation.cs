using System.Diagnostics;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Makes functions of what picks spans.</summary>
internal static class SpansetEvaluation
{
    /// <returns>For each span of the trace whether it is picked.</returns>
    public delegate bool[] Picker(TraceSpans trace, IReadOnlyList<int> among, CancellationToken cancellation);

    public static Picker Compile(SpansetExpr expr)
    {
        switch (expr)
        {
            case SpansetExpr.Filter filter:
                var test = FieldCompiler.Test(filter.Condition);
                return (trace, among, _) => Filter(trace, among, test);
            case SpansetExpr.Nested nested:
                var pipeline = new PipelineEvaluation(nested.Pipeline);
                return (trace, among, cancellation) => Nested(trace, among, pipeline, cancellation);
            case SpansetExpr.Operation operation:
                var (left, right) = (Compile(operation.Left), Compile(operation.Right));
                return (trace, among, cancellation) => Join(operation, trace, left(trace, among, cancellation), right(trace, among, cancellation));
            default:
                throw new UnreachableException();
        }
    }

    private static bool[] Filter(TraceSpans trace, IReadOnlyList<int> among, Func<TraceSpans, int, bool> test)
    {
        var picked = new bool[trace.Spans.Count];
        for (var i = 0; i < among.Count; i++)
        {
            picked[among[i]] = test(trace, among[i]);
        }
        return picked;
    }

    private static bool[] Nested(TraceSpans trace, IReadOnlyList<int> among, PipelineEvaluation pipeline, CancellationToken cancellation)
    {
        var picked = new bool[trace.Spans.Count];
        foreach (var set in pipeline.Run(trace, new Spanset(among, []), cancellation))
        {
            foreach (var span in set.Spans)
            {
                picked[span] = true;
            }
        }
        return picked;
    }

    private static bool[] Join(SpansetExpr.Operation operation, TraceSpans trace, bool[] left, bool[] right)
    {
        if (operation.Operator is not (SpansetOperator.And or SpansetOperator.Or))
        {
            return StructuralMatch.Find(trace.Tree, operation.Operator, operation.Form, left, right);
        }
        if (operation.Operator == SpansetOperator.And && (!left.Contains(true) || !right.Contains(true)))
        {
            return new bool[left.Length];
        }
        for (var i = 0; i < left.Length; i++)
        {
            left[i] |= right[i];
        }
        return left;
    }
}
