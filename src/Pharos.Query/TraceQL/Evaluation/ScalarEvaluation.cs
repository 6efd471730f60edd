using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Finds the value of an expression about a set of spans.</summary>
internal sealed class ScalarEvaluation
{
    private readonly ScalarExpr _expr;
    private readonly Func<TraceSpans, int, TraceValue>? _field;
    private readonly ScalarEvaluation? _left;
    private readonly ScalarEvaluation? _right;
    private readonly PipelineEvaluation? _pipeline;

    public ScalarEvaluation(ScalarExpr expr)
    {
        _expr = expr;
        switch (expr)
        {
            case ScalarExpr.Aggregate { Field: { } field }:
                _field = FieldCompiler.Value(field);
                break;
            case ScalarExpr.Binary binary:
                (_left, _right) = (new ScalarEvaluation(binary.Left), new ScalarEvaluation(binary.Right));
                break;
            case ScalarExpr.OfPipeline of:
                (_pipeline, _left) = (new PipelineEvaluation(of.Pipeline), new ScalarEvaluation(of.Value));
                break;
        }
    }

    /// <param name="found">Gets the values of the aggregates that stand in the expression itself.</param>
    /// <returns>Nothing where no span has a number.</returns>
    public TraceValue Of(TraceSpans trace, Spanset set, Dictionary<string, TraceValue> found, CancellationToken cancellation)
    {
        switch (_expr)
        {
            case ScalarExpr.Literal literal:
                return literal.Value;
            case ScalarExpr.Aggregate aggregate:
                return found[aggregate.ToString()] = Aggregate(aggregate.Operation, trace, set);
            case ScalarExpr.Binary binary:
                return TraceOperations.Reckon(binary.Operator, _left!.Of(trace, set, found, cancellation), _right!.Of(trace, set, found, cancellation));
            default:
                // Of one set: what it gives several sets for has no one value.
                var sets = _pipeline!.Run(trace, set with { Attributes = [] }, cancellation);
                return sets.Count == 1 ? _left!.Of(trace, sets[0], [], cancellation)
                    : sets.Count == 0 && IsCount() ? TraceValue.OfInt(0) : TraceValue.Nil;
        }
    }

    private bool IsCount() => _left!._expr is ScalarExpr.Aggregate { Operation: AggregateOperation.Count };

    private TraceValue Aggregate(AggregateOperation operation, TraceSpans trace, Spanset set)
    {
        if (_field is null)
        {
            return TraceValue.OfInt(set.Spans.Count);
        }
        var (count, sum, best, type) = (0L, 0d, TraceValue.Nil, TraceValueKind.Nil);
        foreach (var span in set.Spans)
        {
            var value = _field(trace, span);
            if (!value.IsNumber)
            {
                continue;
            }
            count++;
            sum += value.Number;
            type = count == 1 || type == value.Type ? value.Type : TraceValueKind.Float;
            if (best.IsNil || (operation == AggregateOperation.Min ? value.Number < best.Number : value.Number > best.Number))
            {
                best = value;
            }
        }
        if (count == 0)
        {
            return TraceValue.Nil;
        }
        return operation switch
        {
            AggregateOperation.Avg => Typed(sum / count, type == TraceValueKind.Duration ? type : TraceValueKind.Float),
            AggregateOperation.Sum => Typed(sum, type),
            _ => best,
        };
    }

    private static TraceValue Typed(double value, TraceValueKind type) => Math.Abs(value) >= 1L << 53 ? TraceValue.OfFloat(value) : type switch
    {
        TraceValueKind.Duration => TraceValue.OfDuration((long)value),
        TraceValueKind.Int => TraceValue.OfInt((long)value),
        _ => TraceValue.OfFloat(value),
    };
}
