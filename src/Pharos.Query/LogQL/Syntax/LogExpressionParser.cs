using System.Runtime.CompilerServices;
using Pharos.Query.LogQL.Forms;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>Reads a whole query by recursive descent.</summary>
internal sealed class LogExpressionParser
{
    /// <summary>What evaluates and prints an expression calls itself for each node in a node.</summary>
    private const int MaxDepth = 500;

    private readonly LogTokens _tokens;
    private readonly LogStageParser _stages;

    public LogExpressionParser(string query)
    {
        _tokens = new LogTokens(query);
        _stages = new LogStageParser(_tokens);
    }

    public LogExpr Whole() => AtEnd(Expression(0));

    public LogQueryExpr LogQuery(bool mayBeEmpty)
    {
        var matchers = _stages.Selector(mayBeEmpty);
        var stages = new List<LogStage>();
        _stages.Stages(stages);
        return AtEnd(new LogQueryExpr(matchers, stages));
    }

    private T AtEnd<T>(T expr) => _tokens.Peek.Kind == LogTokenKind.End ? expr : throw _tokens.Unexpected();

    private LogExpr Expression(int minPrecedence)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var left = Operand();
        while (Operator(_tokens.Peek) is { } found && found.Precedence >= minPrecedence)
        {
            _tokens.Take();
            var (returnBool, matching) = Modifiers();
            var right = Expression(found.Operator == BinaryOperator.Power ? found.Precedence : found.Precedence + 1);
            left = Join(found.Operator, left, right, returnBool, matching);
        }
        return left;
    }

    private static (BinaryOperator Operator, int Precedence)? Operator(LogToken token) => token.Kind switch
    {
        LogTokenKind.Symbol => token.Text switch
        {
            "^" => (BinaryOperator.Power, 6),
            "*" => (BinaryOperator.Multiply, 5),
            "/" => (BinaryOperator.Divide, 5),
            "%" => (BinaryOperator.Modulo, 5),
            "+" => (BinaryOperator.Add, 4),
            "-" => (BinaryOperator.Subtract, 4),
            "==" => (BinaryOperator.Equal, 3),
            "!=" => (BinaryOperator.NotEqual, 3),
            ">" => (BinaryOperator.Greater, 3),
            ">=" => (BinaryOperator.GreaterOrEqual, 3),
            "<" => (BinaryOperator.Less, 3),
            "<=" => (BinaryOperator.LessOrEqual, 3),
            _ => null,
        },
        LogTokenKind.Identifier => token.Text.ToLowerInvariant() switch
        {
            "and" => (BinaryOperator.And, 2),
            "unless" => (BinaryOperator.Unless, 2),
            "or" => (BinaryOperator.Or, 1),
            _ => null,
        },
        _ => null,
    };

    private LogExpr Operand()
    {
        var token = _tokens.Peek;
        if (token.Is("{"))
        {
            return LogQuery();
        }
        if (_tokens.TryTake("("))
        {
            var inner = Expression(0);
            _tokens.Expect(")");
            return inner;
        }
        if (token.Kind == LogTokenKind.Number || token.Is("-") || token.Is("+"))
        {
            return Number();
        }
        if (token.Kind != LogTokenKind.Identifier)
        {
            throw _tokens.Unexpected();
        }
        var name = token.Text.ToLowerInvariant();
        var second = _tokens.PeekSecond;
        if (OperationNames.Range(name) is { } range && second.Is("("))
        {
            _tokens.Take();
            return RangeAggregation(range);
        }
        if (OperationNames.Vector(name) is { } vector && (second.Is("(") || second.IsWord("by") || second.IsWord("without")))
        {
            _tokens.Take();
            return VectorAggregation(vector);
        }
        if (name is "vector" or "label_replace" && second.Is("("))
        {
            _tokens.Take();
            _tokens.Take();
            return name == "vector" ? Vector() : LabelReplace();
        }
        throw _tokens.Unexpected();
    }

    private LogQueryExpr LogQuery()
    {
        var matchers = _stages.Selector();
        var stages = new List<LogStage>();
        _stages.Stages(stages);
        return new LogQueryExpr(matchers, stages);
    }

    private MetricExpr.Number Number()
    {
        var negative = _tokens.TryTake("-");
        if (!negative)
        {
            _tokens.TryTake("+");
        }
        return _tokens.Peek.Kind == LogTokenKind.Number && LogLiteral.TryNumber(_tokens.Peek.Text, out var value)
            ? Taken(new MetricExpr.Number(negative ? -value : value)) : throw _tokens.Unexpected("NUMBER");
    }

    private T Taken<T>(T result)
    {
        _tokens.Take();
        return result;
    }

    private MetricExpr.Vector Vector()
    {
        var number = Number();
        _tokens.Expect(")");
        return new MetricExpr.Vector(number.Value);
    }

    private MetricExpr.LabelReplace LabelReplace()
    {
        var operand = Metric(Expression(0));
        var texts = new string[4];
        for (var i = 0; i < texts.Length; i++)
        {
            _tokens.Expect(",");
            texts[i] = _tokens.ExpectString();
        }
        _tokens.Expect(")");
        try
        {
            GoRegex.Anchored(texts[3]);
        }
        catch (GoRegexException)
        {
            throw new LogSyntaxFailure($"invalid regex in label_replace: {texts[3]}");
        }
        return Bounded(new MetricExpr.LabelReplace(operand, texts[0], texts[1], texts[2], texts[3]));
    }

    private MetricExpr.VectorAggregation VectorAggregation(VectorOperation operation)
    {
        var grouping = Grouping();
        _tokens.Expect("(");
        double? parameter = null;
        if (_tokens.Peek.Kind == LogTokenKind.Number && _tokens.PeekSecond.Is(","))
        {
            parameter = Number().Value;
            _tokens.Take();
        }
        var operand = Metric(Expression(0));
        _tokens.Expect(")");
        grouping ??= Grouping();
        if (operation.TakesCount() && parameter is null)
        {
            throw new LogSyntaxFailure($"parameter required for operation {operation.Name()}");
        }
        if (!operation.TakesCount() && parameter is not null)
        {
            throw new LogSyntaxFailure($"unsupported parameter for operation {operation.Name()}({LogLiteral.Format(parameter.Value)},");
        }
        if (parameter is { } count && (count != Math.Floor(count) || Math.Abs(count) > int.MaxValue))
        {
            throw new LogSyntaxFailure($"invalid parameter {operation.Name()}({LogLiteral.Format(count)},");
        }
        if (parameter < 1)
        {
            throw new LogSyntaxFailure($"invalid parameter (must be greater than 0) {operation.Name()}({LogLiteral.Format(parameter.Value)}");
        }
        if (grouping is not null && operation is VectorOperation.ApproxTopk or VectorOperation.Sort or VectorOperation.SortDesc)
        {
            throw new LogSyntaxFailure($"grouping not allowed for {operation.Name()} aggregation");
        }
        return Bounded(new MetricExpr.VectorAggregation(operation, (int?)parameter, operand, grouping));
    }

    private MetricExpr.RangeAggregation RangeAggregation(RangeOperation operation)
    {
        _tokens.Expect("(");
        double? parameter = null;
        if (_tokens.Peek.Kind == LogTokenKind.Number || _tokens.Peek.Is("-") || _tokens.Peek.Is("+"))
        {
            parameter = Number().Value;
            _tokens.Expect(",");
        }
        var range = Range();
        if (range.RangeNs == 0)
        {
            throw _tokens.Unexpected("RANGE");
        }
        _tokens.Expect(")");
        var grouping = Grouping();
        if (grouping is not null && !operation.MayGroup())
        {
            throw new LogSyntaxFailure($"grouping not allowed for {operation.Name()} aggregation");
        }
        if (operation.Unwraps() == true && range.Unwrap is null)
        {
            throw new LogSyntaxFailure($"invalid aggregation {operation.Name()} without unwrap");
        }
        if (operation.Unwraps() == false && range.Unwrap is not null)
        {
            throw new LogSyntaxFailure($"invalid aggregation {operation.Name()} with unwrap");
        }
        if (parameter is not null && operation != RangeOperation.QuantileOverTime)
        {
            throw new LogSyntaxFailure($"parameter {LogLiteral.Format(parameter.Value)} not supported for operation {operation.Name()}");
        }
        if (parameter is null && operation == RangeOperation.QuantileOverTime)
        {
            throw new LogSyntaxFailure($"parameter required for operation {operation.Name()}");
        }
        return new MetricExpr.RangeAggregation(operation, parameter, range, grouping);
    }

    /// <summary>What stands in a range aggregation. The duration may stand before or behind the stages, or behind parentheses.</summary>
    private LogRange Range()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_tokens.TryTake("("))
        {
            var inner = Range();
            _tokens.Expect(")");
            return inner.RangeNs == 0 ? WithDuration(inner) : inner;
        }
        var range = WithDuration(new LogRange(new LogQueryExpr(_stages.Selector(), []), null, 0, 0));
        var stages = new List<LogStage>();
        _stages.Stages(stages);
        var unwrap = _stages.AtUnwrap ? _stages.Unwrap() : null;
        range = range with { Query = range.Query with { Stages = stages }, Unwrap = unwrap };
        return range.RangeNs == 0 ? WithDuration(range) : range;
    }

    private LogRange WithDuration(LogRange range)
    {
        if (_tokens.Peek.Kind != LogTokenKind.Range || !LogLiteral.TryDuration(_tokens.Peek.Text, out var ns))
        {
            return range;
        }
        _tokens.Take();
        if (!_tokens.TryTakeWord("offset"))
        {
            return range with { RangeNs = ns };
        }
        var negative = _tokens.TryTake("-");
        if (_tokens.Peek.Kind != LogTokenKind.Duration || !LogLiteral.TryDuration(_tokens.Peek.Text, out var offset))
        {
            throw _tokens.Unexpected("DURATION");
        }
        _tokens.Take();
        return range with { RangeNs = ns, OffsetNs = negative ? -offset : offset };
    }

    private LogGrouping? Grouping()
    {
        var without = _tokens.Peek.IsWord("without");
        if (!without && !_tokens.Peek.IsWord("by"))
        {
            return null;
        }
        _tokens.Take();
        return new LogGrouping(Labels(), without);
    }

    private List<string> Labels()
    {
        _tokens.Expect("(");
        var labels = new List<string>();
        while (!_tokens.TryTake(")"))
        {
            if (labels.Count > 0)
            {
                _tokens.Expect(",");
            }
            labels.Add(_tokens.ExpectIdentifier());
        }
        return labels;
    }

    private (bool ReturnBool, VectorMatching? Matching) Modifiers()
    {
        var returnBool = _tokens.TryTakeWord("bool");
        var on = _tokens.TryTakeWord("on");
        if (!on && !_tokens.TryTakeWord("ignoring"))
        {
            return (returnBool, null);
        }
        var matching = new VectorMatching { On = on, Labels = Labels() };
        var left = _tokens.TryTakeWord("group_left");
        if (left || _tokens.TryTakeWord("group_right"))
        {
            matching = matching with
            {
                Cardinality = left ? MatchCardinality.ManyToOne : MatchCardinality.OneToMany,
                Include = _tokens.Peek.Is("(") && IsLabelList() ? Labels() : [],
            };
        }
        return (returnBool, matching);
    }

    /// <summary>Behind <c>group_left</c>, whether a parenthesis holds labels and not the right operand.</summary>
    private bool IsLabelList() => _tokens.PeekSecond.Is(")") || (_tokens.PeekSecond.Kind == LogTokenKind.Identifier
        && OperationNames.Range(_tokens.PeekSecond.Text.ToLowerInvariant()) is null
        && OperationNames.Vector(_tokens.PeekSecond.Text.ToLowerInvariant()) is null);

    private static MetricExpr Metric(LogExpr expr) => expr as MetricExpr
        ?? throw new LogSyntaxFailure($"syntax error: unexpected log query {expr}, expecting a metric query");

    private static MetricExpr Join(BinaryOperator op, LogExpr leftExpr, LogExpr rightExpr, bool returnBool, VectorMatching? matching)
    {
        if (leftExpr is not MetricExpr left)
        {
            throw new LogSyntaxFailure($"unexpected type for left leg of binary operation ({op.Symbol()}): {leftExpr}");
        }
        if (rightExpr is not MetricExpr right)
        {
            throw new LogSyntaxFailure($"unexpected type for right leg of binary operation ({op.Symbol()}): {rightExpr}");
        }
        if (op.IsSet())
        {
            foreach (var (operand, side) in (ReadOnlySpan<(MetricExpr, string)>)[(left, "left"), (right, "right")])
            {
                if (operand is MetricExpr.Number number)
                {
                    throw new LogSyntaxFailure(
                        $"unexpected literal for {side} leg of logical/set binary operation ({op.Symbol()}): "
                        + number.Value.ToString("F6", System.Globalization.CultureInfo.InvariantCulture));
                }
            }
            if (matching is { Cardinality: not MatchCardinality.OneToOne })
            {
                throw new LogSyntaxFailure($"no grouping allowed for {op.Symbol()} operation");
            }
        }
        // Two numbers are one at once, as at Loki.
        return left is MetricExpr.Number a && right is MetricExpr.Number b
            ? new MetricExpr.Number(Evaluation.LogArithmetic.Apply(op, a.Value, b.Value))
            : Bounded(new MetricExpr.Binary(op, left, right, returnBool, matching));
    }

    private static T Bounded<T>(T expr)
        where T : MetricExpr => expr.Depth <= MaxDepth ? expr : throw new LogSyntaxFailure("expression nested too deeply");
}
