using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Which fields a query names, and whether it can be answered span by span.</summary>
internal static class QueryNeeds
{
    /// <summary>Attributes and intrinsics that stand in a pipeline, each once, in order.</summary>
    public static IReadOnlyList<FieldExpr> Fields(TracePipeline pipeline)
    {
        var fields = new List<FieldExpr>();
        Collect(pipeline, fields);
        return [.. fields.Distinct()];
    }

    /// <summary>Whether whatever a pipeline says of a span is said by the span alone: filters one after another, about nothing else.</summary>
    public static bool IsSpanBySpan(TracePipeline pipeline) => pipeline.Stages.All(static stage => stage switch
    {
        PipelineStage.Pick { Expr: SpansetExpr.Filter filter } => filter.Condition is null || IsOfSpan(filter.Condition),
        PipelineStage.Select => true,
        _ => false,
    });

    /// <summary>Whether an expression reads nothing but the span.</summary>
    public static bool IsOfSpan(FieldExpr expr)
    {
        var fields = new List<FieldExpr>();
        Collect(expr, fields);
        return !fields.Exists(static field => field is FieldExpr.Attribute { OfParent: true } or FieldExpr.Intrinsic
        {
            Which: TraceIntrinsic.ChildCount or TraceIntrinsic.TraceDuration or TraceIntrinsic.RootName or TraceIntrinsic.RootService
                or TraceIntrinsic.NestedSetLeft or TraceIntrinsic.NestedSetRight or TraceIntrinsic.NestedSetParent,
        });
    }

    private static void Collect(TracePipeline pipeline, List<FieldExpr> fields)
    {
        foreach (var stage in pipeline.Stages)
        {
            switch (stage)
            {
                case PipelineStage.Pick pick:
                    Collect(pick.Expr, fields);
                    break;
                case PipelineStage.Compare compare:
                    Collect(compare.Left, fields);
                    Collect(compare.Right, fields);
                    break;
                case PipelineStage.GroupBy group:
                    Collect(group.Field, fields);
                    break;
                case PipelineStage.Select select:
                    fields.AddRange(select.Fields);
                    break;
            }
        }
    }

    private static void Collect(SpansetExpr expr, List<FieldExpr> fields)
    {
        switch (expr)
        {
            case SpansetExpr.Filter { Condition: { } condition }:
                Collect(condition, fields);
                break;
            case SpansetExpr.Operation operation:
                Collect(operation.Left, fields);
                Collect(operation.Right, fields);
                break;
            case SpansetExpr.Nested nested:
                Collect(nested.Pipeline, fields);
                break;
        }
    }

    private static void Collect(ScalarExpr expr, List<FieldExpr> fields)
    {
        switch (expr)
        {
            case ScalarExpr.Aggregate { Field: { } field }:
                Collect(field, fields);
                break;
            case ScalarExpr.Binary binary:
                Collect(binary.Left, fields);
                Collect(binary.Right, fields);
                break;
            case ScalarExpr.OfPipeline of:
                Collect(of.Pipeline, fields);
                Collect(of.Value, fields);
                break;
        }
    }

    private static void Collect(FieldExpr expr, List<FieldExpr> fields)
    {
        switch (expr)
        {
            case FieldExpr.Attribute or FieldExpr.Intrinsic:
                fields.Add(expr);
                break;
            case FieldExpr.Unary unary:
                Collect(unary.Operand, fields);
                break;
            case FieldExpr.Binary binary:
                Collect(binary.Left, fields);
                Collect(binary.Right, fields);
                break;
        }
    }
}
