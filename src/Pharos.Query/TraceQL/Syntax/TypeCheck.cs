using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Text;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Refuses what can be seen to be wrong before any span is read.</summary>
internal static class TypeCheck
{
    /// <exception cref="TraceSyntaxFailure">The query makes no sense.</exception>
    public static void Check(TraceQuery query)
    {
        if (query.Expr is MetricsExpr metrics)
        {
            Check(metrics);
        }
        else
        {
            Check((TracePipeline)query.Expr);
        }
    }

    public static void Check(SpansetExpr.Filter filter)
    {
        if (filter.Condition is { } condition)
        {
            Check(condition);
            if (condition.Type is not (TraceValueKind.Bool or TraceValueKind.Any))
            {
                throw new TraceSyntaxFailure($"span filter field expressions must resolve to a boolean: {filter}");
            }
        }
    }

    private static void Check(MetricsExpr expr)
    {
        switch (expr)
        {
            case MetricsExpr.Measure measure:
                Check(measure);
                break;
            case MetricsExpr.Best best:
                Check(best.Of);
                break;
            case MetricsExpr.Compared compared:
                Check(compared.Of);
                break;
            case MetricsExpr.Binary binary:
                Check(binary.Left);
                Check(binary.Right);
                break;
        }
    }

    private static void Check(MetricsExpr.Measure measure)
    {
        Check(measure.Pipeline);
        if (measure.Field is { } field)
        {
            CheckNumber(field);
        }
        foreach (var quantile in measure.Quantiles)
        {
            if (quantile is < 0 or > 1)
            {
                throw new TraceSyntaxFailure($"quantile must be between 0 and 1: {GoFloat.FormatF(quantile)}");
            }
        }
        if (measure.Selection is { } selection)
        {
            Check(selection);
            if (measure.Top <= 0)
            {
                throw new TraceSyntaxFailure($"compare() top number of values must be integer greater than 0: {measure.Top}");
            }
            var (start, end) = measure.Window;
            if (measure.Window != default && (start <= 0 || end <= 0 || end <= start))
            {
                throw new TraceSyntaxFailure($"compare() timestamps must be greater than 0 and the end after the start: {start}, {end}");
            }
        }
        foreach (var by in measure.By)
        {
            CheckGrouping(by);
        }
    }

    private static void Check(TracePipeline pipeline)
    {
        foreach (var stage in pipeline.Stages)
        {
            switch (stage)
            {
                case PipelineStage.Pick pick:
                    Check(pick.Expr);
                    break;
                case PipelineStage.Compare compare:
                    Check(compare);
                    break;
                case PipelineStage.GroupBy group:
                    CheckGrouping(group.Field);
                    break;
                case PipelineStage.Select select:
                    foreach (var field in select.Fields)
                    {
                        if (field is not (FieldExpr.Attribute or FieldExpr.Intrinsic))
                        {
                            throw new TraceSyntaxFailure($"select takes attributes and intrinsics only: {select}");
                        }
                    }
                    break;
            }
        }
    }

    private static void Check(SpansetExpr expr)
    {
        switch (expr)
        {
            case SpansetExpr.Filter filter:
                Check(filter);
                break;
            case SpansetExpr.Operation operation:
                Check(operation.Left);
                Check(operation.Right);
                break;
            case SpansetExpr.Nested nested:
                Check(nested.Pipeline);
                break;
        }
    }

    private static void Check(PipelineStage.Compare stage)
    {
        Check(stage.Left);
        Check(stage.Right);
        if (!Match(stage.Left.Type, stage.Right.Type))
        {
            throw new TraceSyntaxFailure($"binary operations must operate on the same type: {stage}");
        }
        if (!stage.Operator.Takes(stage.Left.Type) || !stage.Operator.Takes(stage.Right.Type))
        {
            throw new TraceSyntaxFailure($"illegal operation for the given types: {stage}");
        }
    }

    private static void Check(ScalarExpr expr)
    {
        switch (expr)
        {
            case ScalarExpr.Aggregate { Field: { } field }:
                CheckNumber(field);
                break;
            case ScalarExpr.Binary binary:
                Check(binary.Left);
                Check(binary.Right);
                if (!Match(binary.Left.Type, binary.Right.Type))
                {
                    throw new TraceSyntaxFailure($"binary operations must operate on the same type: {binary}");
                }
                if (!binary.Operator.Takes(binary.Left.Type) || !binary.Operator.Takes(binary.Right.Type))
                {
                    throw new TraceSyntaxFailure($"illegal operation for the given types: {binary}");
                }
                break;
            case ScalarExpr.OfPipeline of:
                Check(of.Pipeline);
                Check(of.Value);
                break;
        }
    }

    private static void CheckNumber(FieldExpr field)
    {
        Check(field);
        if (field.Type is not (TraceValueKind.Int or TraceValueKind.Float or TraceValueKind.Duration or TraceValueKind.Any))
        {
            throw new TraceSyntaxFailure($"aggregate field expressions must resolve to a number type: {FieldExpr.Bare(field)}");
        }
        if (!field.ReadsSpan)
        {
            throw new TraceSyntaxFailure($"aggregate field expressions must reference the span: {FieldExpr.Bare(field)}");
        }
    }

    private static void CheckGrouping(FieldExpr field)
    {
        Check(field);
        if (!field.ReadsSpan)
        {
            throw new TraceSyntaxFailure($"grouping field expressions must reference the span: {FieldExpr.Bare(field)}");
        }
    }

    private static void Check(FieldExpr expr)
    {
        switch (expr)
        {
            case FieldExpr.Unary unary:
                Check(unary.Operand);
                if (!unary.Operator.Takes(unary.Operand.Type))
                {
                    throw new TraceSyntaxFailure($"illegal operation for the given type: {unary}");
                }
                break;
            case FieldExpr.Binary binary:
                Check(binary.Left);
                Check(binary.Right);
                CheckOperands(binary);
                break;
        }
    }

    private static void CheckOperands(FieldExpr.Binary binary)
    {
        if (!Match(binary.Left.Type, binary.Right.Type))
        {
            throw new TraceSyntaxFailure($"binary operations must operate on the same type: {FieldExpr.Bare(binary)}");
        }
        if (!binary.Operator.Takes(binary.Left.Type) || !binary.Operator.Takes(binary.Right.Type))
        {
            throw new TraceSyntaxFailure($"illegal operation for the given types: {FieldExpr.Bare(binary)}");
        }
        if (!binary.Operator.IsRegex())
        {
            return;
        }
        if (binary.Right is not FieldExpr.Literal { Value.Type: TraceValueKind.Text } pattern)
        {
            throw new TraceSyntaxFailure($"illegal operation for the given types: {FieldExpr.Bare(binary)}");
        }
        try
        {
            GoRegex.Anchored(pattern.Value.Text);
        }
        catch (GoRegexException problem)
        {
            throw new TraceSyntaxFailure($"invalid regex: {problem.Message}");
        }
    }

    /// <summary>Whether values of two types can stand at an operator's sides: alike, both numbers, or of a type that only the data tells.</summary>
    private static bool Match(TraceValueKind left, TraceValueKind right) => left == right
        || left is TraceValueKind.Any or TraceValueKind.Nil || right is TraceValueKind.Any or TraceValueKind.Nil
        || (IsNumber(left) && IsNumber(right));

    private static bool IsNumber(TraceValueKind type) => type is TraceValueKind.Int or TraceValueKind.Float or TraceValueKind.Duration;
}
