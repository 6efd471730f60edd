using System.Runtime.CompilerServices;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Reads a whole query by recursive descent.</summary>
/// <remarks>What stands in parentheses may be a set of spans, a pipeline, a value or numbers over time; which one, its end tells.
/// So a part is read as one of these, and what joins two parts says what they must be.</remarks>
internal sealed class TraceQueryParser
{
    private readonly TraceTokens _tokens;
    private readonly FieldParser _fields;

    public TraceQueryParser(string query)
    {
        _tokens = new TraceTokens(query);
        _fields = new FieldParser(_tokens);
    }

    public TraceQuery Whole()
    {
        var start = _tokens.Peek;
        var part = Part();
        var hints = Hints();
        if (_tokens.Peek.Kind != TraceTokenKind.End)
        {
            throw _tokens.Unexpected();
        }
        return new TraceQuery(part switch
        {
            MetricsExpr.Number => throw TraceTokens.Unexpected(start),
            MetricsExpr metrics => metrics,
            TracePipeline pipeline => pipeline,
            SpansetExpr spans => new TracePipeline([new PipelineStage.Pick(spans)]),
            // A value alone says nothing about spans.
            _ => throw _tokens.Unexpected(),
        }, hints);
    }

    /// <summary>An attribute or an intrinsic, and nothing else.</summary>
    public FieldExpr Field()
    {
        var at = _tokens.Peek;
        var field = _fields.Expression();
        return field is FieldExpr.Attribute or FieldExpr.Intrinsic && _tokens.Peek.Kind == TraceTokenKind.End
            ? field : throw TraceTokens.Unexpected(at, "a field");
    }

    /// <summary>A single filter.</summary>
    public SpansetExpr.Filter Filter()
    {
        _tokens.Expect("{");
        if (_tokens.TryTake("}"))
        {
            return new SpansetExpr.Filter(null);
        }
        var condition = _fields.Expression();
        _tokens.Expect("}");
        return new SpansetExpr.Filter(condition);
    }

    /// <summary>Stages up to what continues none: a <see cref="SpansetExpr"/> or a <see cref="ScalarExpr"/> where it is one such,
    /// else a <see cref="TracePipeline"/>, <see cref="ScalarExpr.OfPipeline"/> or a <see cref="MetricsExpr"/>.</summary>
    private object Part()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var stages = new List<PipelineStage>();
        var current = Stage(stages);
        while (_tokens.TryTake("|"))
        {
            if (current is MetricsExpr metrics)
            {
                current = SecondStage(metrics);
                continue;
            }
            stages.Add(StageOf(current));
            current = Stage(stages);
        }
        if (current is MetricsExpr)
        {
            return current;
        }
        if (stages.Count == 0)
        {
            return current is PipelineStage only ? new TracePipeline([only]) : current;
        }
        if (current is ScalarExpr value)
        {
            return Bounded(new ScalarExpr.OfPipeline(new TracePipeline(stages), value), static expr => expr.Depth);
        }
        stages.Add(StageOf(current));
        return new TracePipeline(stages);
    }

    private PipelineStage StageOf(object part) => part switch
    {
        SpansetExpr spans => new PipelineStage.Pick(spans),
        TracePipeline pipeline => new PipelineStage.Pick(Nested(pipeline)),
        PipelineStage stage => stage,
        _ => throw _tokens.Unexpected(),
    };

    private object Stage(List<PipelineStage> before)
    {
        var token = _tokens.Peek;
        if (token.Kind == TraceTokenKind.Word)
        {
            switch (token.Text)
            {
                case "by":
                    _tokens.Take();
                    _tokens.Expect("(");
                    var field = _fields.Expression();
                    _tokens.Expect(")");
                    return new PipelineStage.GroupBy(field);
                case "coalesce" when before.Count > 0:
                    _tokens.Take();
                    _tokens.Expect("(");
                    _tokens.Expect(")");
                    return new PipelineStage.Coalesce();
                case "select" when before.Count > 0:
                    _tokens.Take();
                    return new PipelineStage.Select(_fields.List());
            }
            if (before.Count > 0 && MetricsFunctions.OfName(token.Text) is { } function)
            {
                _tokens.Take();
                return Continue(Measure(new TracePipeline([.. before]), function), 0);
            }
        }
        return Expression(0);
    }

    private object Expression(int minPrecedence) => Continue(Operand(), minPrecedence);

    private object Continue(object left, int minPrecedence)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        while (_tokens.Peek.Kind == TraceTokenKind.Symbol && Precedence(_tokens.Peek.Text) is { } precedence && precedence >= minPrecedence)
        {
            var token = _tokens.Take();
            var right = Expression(token.Is("^") ? precedence : precedence + 1);
            left = Join(token, left, right);
        }
        return left;
    }

    private static int? Precedence(string symbol) => FieldOperators.OfSymbol(symbol)?.Precedence()
        ?? (SpansetOperators.OfSymbol(symbol) is not null ? 2 : null);

    private object Operand()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var token = _tokens.Peek;
        if (token.Is("{"))
        {
            return Filter();
        }
        if (_tokens.TryTake("("))
        {
            var inner = Part();
            _tokens.Expect(")");
            return inner;
        }
        if (_tokens.TryTake("-"))
        {
            var operand = Expression(FieldOperator.Subtract.Precedence() + 1);
            return operand is ScalarExpr.Literal literal && FieldParser.Negated(literal.Value) is { } negative
                ? new ScalarExpr.Literal(negative) : throw TraceTokens.Unexpected(token);
        }
        if (token.IsLiteral)
        {
            return new ScalarExpr.Literal(_tokens.Take().Value);
        }
        if (token.Kind == TraceTokenKind.Word)
        {
            if (TraceWords.Aggregate(token.Text) is { } operation)
            {
                _tokens.Take();
                return Aggregate(operation);
            }
            if (TraceWords.TryLiteral(token.Text, out var value))
            {
                _tokens.Take();
                return new ScalarExpr.Literal(value);
            }
        }
        throw _tokens.Unexpected();
    }

    private ScalarExpr.Aggregate Aggregate(AggregateOperation operation)
    {
        _tokens.Expect("(");
        var field = operation == AggregateOperation.Count ? null : _fields.Expression();
        _tokens.Expect(")");
        return new ScalarExpr.Aggregate(operation, field);
    }

    private static object Join(TraceToken token, object left, object right)
    {
        var op = FieldOperators.OfSymbol(token.Text);
        if (Spans(left) is { } leftSpans && Spans(right) is { } rightSpans && SpansetOperators.OfSymbol(token.Text) is { } found)
        {
            return Bounded(new SpansetExpr.Operation(found.Operator, found.Form, leftSpans, rightSpans), static expr => expr.Depth);
        }
        if (left is ScalarExpr leftValue && right is ScalarExpr rightValue && op is { } valueOp && !valueOp.IsLogic() && !valueOp.IsRegex())
        {
            return valueOp.IsComparison() ? new PipelineStage.Compare(valueOp, leftValue, rightValue)
                : Bounded(new ScalarExpr.Binary(valueOp, leftValue, rightValue), static expr => expr.Depth);
        }
        if ((left is MetricsExpr || right is MetricsExpr) && op is { } metricsOp)
        {
            if (metricsOp.IsArithmetic() && Numbers(left) is { } leftNumbers && Numbers(right) is { } rightNumbers)
            {
                return Bounded(new MetricsExpr.Binary(metricsOp, leftNumbers, rightNumbers), static expr => expr.Depth);
            }
            if (metricsOp.IsComparison() && !metricsOp.IsRegex())
            {
                if (left is MetricsExpr compared && right is ScalarExpr.Literal { Value.IsNumber: true } value)
                {
                    return Bounded(new MetricsExpr.Compared(compared, metricsOp, value.Value), static expr => expr.Depth);
                }
                if (right is MetricsExpr flipped && left is ScalarExpr.Literal { Value.IsNumber: true } first)
                {
                    return Bounded(new MetricsExpr.Compared(flipped, metricsOp.Flip(), first.Value), static expr => expr.Depth);
                }
            }
        }
        throw TraceTokens.Unexpected(token);
    }

    private static SpansetExpr? Spans(object part) => part switch
    {
        SpansetExpr spans => spans,
        TracePipeline pipeline => Nested(pipeline),
        _ => null,
    };

    private static SpansetExpr.Nested Nested(TracePipeline pipeline) => Bounded(new SpansetExpr.Nested(pipeline), static expr => expr.Depth);

    private static MetricsExpr? Numbers(object part) => part switch
    {
        MetricsExpr metrics => metrics,
        ScalarExpr.Literal { Value.IsNumber: true } literal => new MetricsExpr.Number(literal.Value.Type == TraceValueKind.Duration
            ? literal.Value.Number / 1e9 : literal.Value.Number),
        _ => null,
    };

    private MetricsExpr.Measure Measure(TracePipeline pipeline, MetricsFunction function)
    {
        var measure = new MetricsExpr.Measure(pipeline, function);
        _tokens.Expect("(");
        if (function == MetricsFunction.Compare)
        {
            measure = Comparison(measure);
        }
        else if (function.Measures())
        {
            measure = measure with { Field = _fields.Expression() };
            if (function == MetricsFunction.QuantileOverTime)
            {
                var quantiles = new List<double>();
                while (_tokens.TryTake(","))
                {
                    quantiles.Add(Number());
                }
                measure = measure with { Quantiles = quantiles.Count > 0 ? quantiles : throw _tokens.Unexpected(",") };
            }
        }
        _tokens.Expect(")");
        return function != MetricsFunction.Compare && _tokens.TryTakeWord("by") ? measure with { By = _fields.List() } : measure;
    }

    /// <summary><c>compare({selection}, top, start, end)</c>.</summary>
    private MetricsExpr.Measure Comparison(MetricsExpr.Measure measure)
    {
        measure = measure with { Selection = Filter() };
        if (_tokens.TryTake(","))
        {
            measure = measure with { Top = (int)Math.Clamp(Integer(), int.MinValue, int.MaxValue) };
            if (_tokens.TryTake(","))
            {
                var start = Integer();
                _tokens.Expect(",");
                measure = measure with { Window = (start, Integer()) };
            }
        }
        return measure;
    }

    private double Number() => _tokens.Peek.Kind is TraceTokenKind.Integer or TraceTokenKind.Float ? _tokens.Take().Value.Number
        : throw _tokens.Unexpected("INTEGER or FLOAT");

    private long Integer() => _tokens.Peek.Kind == TraceTokenKind.Integer ? _tokens.Take().Value.Int : throw _tokens.Unexpected("INTEGER");

    private object SecondStage(MetricsExpr metrics)
    {
        var isBottom = _tokens.Peek.IsWord("bottomk");
        if (!isBottom && !_tokens.Peek.IsWord("topk"))
        {
            throw _tokens.Unexpected("topk or bottomk");
        }
        _tokens.Take();
        _tokens.Expect("(");
        var at = _tokens.Peek.Start;
        var count = Integer();
        _tokens.Expect(")");
        return count is > 0 and <= int.MaxValue ? Continue(Bounded(new MetricsExpr.Best(metrics, (int)count, isBottom), static expr => expr.Depth), 0)
            : throw new TraceSyntaxFailure($"the limit of {(isBottom ? "bottomk" : "topk")} must be greater than 0", at);
    }

    private List<KeyValuePair<string, TraceValue>> Hints()
    {
        var hints = new List<KeyValuePair<string, TraceValue>>();
        if (!_tokens.TryTakeWord("with"))
        {
            return hints;
        }
        _tokens.Expect("(");
        do
        {
            var name = _tokens.Peek.Kind == TraceTokenKind.Word ? _tokens.Take().Text : throw _tokens.Unexpected("IDENTIFIER");
            _tokens.Expect("=");
            var negative = _tokens.TryTake("-");
            var token = _tokens.Peek;
            var value = token.IsLiteral ? token.Value
                : token.Kind == TraceTokenKind.Word && TraceWords.TryLiteral(token.Text, out var word) ? word : throw _tokens.Unexpected();
            hints.Add(KeyValuePair.Create(name, !negative ? value : FieldParser.Negated(value) ?? throw _tokens.Unexpected()));
            _tokens.Take();
        }
        while (_tokens.TryTake(","));
        _tokens.Expect(")");
        return hints;
    }

    private static T Bounded<T>(T expr, Func<T, int> depth) => depth(expr) <= FieldParser.MaxDepth ? expr
        : throw new TraceSyntaxFailure("expression nested too deeply");
}
