namespace Pharos.Query.PromQL.Syntax;

/// <summary>Durations inside brackets (a whole expression) and after <c>offset</c> (one signed operand).</summary>
internal sealed class DurationParser(TokenStream tokens)
{
    /// <summary>Bounds the recursion on what a client sends.</summary>
    private const int MaxDepth = 200;

    private const string Expected = "number, duration, step(), or range()";

    private int _depth;

    /// <summary>An expression up to <c>:</c> or <c>]</c>.</summary>
    public Expr Range() => Sum("subquery or range selector");

    /// <summary>A sign and one operand; <c>*</c> and the like after it belong to the query.</summary>
    public Expr Offset() => Signed("offset", static (parser, context) => parser.Operand(context));

    /// <summary>The literal's milliseconds, or null for an expression that has to be computed.</summary>
    public static long? LiteralMs(Expr expr) =>
        expr is NumberLiteral number ? (long)Math.Round(number.Value * 1000, MidpointRounding.AwayFromZero) : null;

    private Expr Sum(string context)
    {
        var left = Product(context);
        while (tokens.Peek.Kind == TokenKind.Operator && tokens.Peek.Text is ("+" or "-"))
        {
            left = Combine(left, tokens.Take(), Product(context));
        }
        return left;
    }

    private Expr Product(string context)
    {
        var left = Signed(context, static (parser, inner) => parser.Power(inner));
        while (tokens.Peek.Kind == TokenKind.Operator && tokens.Peek.Text is ("*" or "/" or "%"))
        {
            var op = tokens.Take();
            left = Combine(left, op, Signed(context, static (parser, inner) => parser.Power(inner)));
        }
        return left;
    }

    private Expr Power(string context)
    {
        var left = Operand(context);
        if (tokens.Peek.Kind != TokenKind.Operator || tokens.Peek.Text != "^")
        {
            return left;
        }
        var op = tokens.Take();
        return Combine(left, op, Signed(context, static (parser, inner) => parser.Power(inner)));
    }

    private Expr Signed(string context, Func<DurationParser, string, Expr> operand)
    {
        if (tokens.Peek.Kind != TokenKind.Operator || tokens.Peek.Text is not ("+" or "-"))
        {
            return operand(this, context);
        }
        var sign = tokens.Take();
        var value = operand(this, context);
        var position = new PositionRange(sign.Start, value.Position.End);
        if (sign.Text == "+")
        {
            return value with { Position = position };
        }
        return value is NumberLiteral number ? number with { Value = -number.Value, Position = position }
            : new DurationExpr(DurationOperator.Subtract, null, value) { Position = position };
    }

    private Expr Operand(string context)
    {
        var token = tokens.Peek;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration: return Literal(tokens.Take());
            case TokenKind.LeftParen: return Parenthesised(context);
            case TokenKind.Keyword when token.Is("step") || token.Is("range"):
                tokens.Take();
                tokens.Expect(TokenKind.LeftParen, context, "\"(\"");
                tokens.Expect(TokenKind.RightParen, context, "\")\"");
                return new DurationExpr(token.Is("step") ? DurationOperator.Step : DurationOperator.Range, null, null)
                {
                    Position = new PositionRange(token.Start, tokens.LastEnd),
                };
            case TokenKind.Identifier when token.Is("min_of") || token.Is("max_of"): return MinOrMax(context);
            default: throw tokens.Unexpected(context, Expected);
        }
    }

    private DurationExpr MinOrMax(string context)
    {
        var name = tokens.Take();
        tokens.Expect(TokenKind.LeftParen, context, "\"(\"");
        var left = Nested(context);
        tokens.Expect(TokenKind.Comma, context, "\",\"");
        var right = Nested(context);
        tokens.Expect(TokenKind.RightParen, context, "\")\"");
        return new DurationExpr(name.Is("min_of") ? DurationOperator.MinOf : DurationOperator.MaxOf, left, right)
        {
            Position = new PositionRange(name.Start, tokens.LastEnd),
        };
    }

    private DurationExpr Parenthesised(string context)
    {
        var open = tokens.Take();
        var inner = Nested(context);
        tokens.Expect(TokenKind.RightParen, context, "\")\"");
        var position = new PositionRange(open.Start, tokens.LastEnd);
        return inner is DurationExpr { Wrapped: false } expr ? expr with { Wrapped = true, Position = position }
            : new DurationExpr(DurationOperator.Add, null, inner, Wrapped: true) { Position = position };
    }

    private Expr Nested(string context)
    {
        if (++_depth > MaxDepth)
        {
            throw TokenStream.Fail($"duration expression nested more than {MaxDepth} deep", tokens.Peek.Position);
        }
        var inner = Sum(context);
        _depth--;
        return inner;
    }

    private static NumberLiteral Literal(Token token)
    {
        var isDuration = token.Kind == TokenKind.Duration;
        var read = isDuration ? NumberScanner.TryReadDuration(token.Text, out var value)
            : NumberScanner.TryReadNumber(token.Text, out value);
        if (!read)
        {
            throw TokenStream.Fail(isDuration
                ? $"not a valid duration string: {Pharos.Storage.Text.GoQuote.Quote(token.Text)}"
                : $"error parsing number: {token.Text}", token.Position);
        }
        if (Math.Abs(value) > long.MaxValue / 1e9 || !double.IsFinite(value))
        {
            throw TokenStream.Fail("duration out of range", token.Position);
        }
        return new NumberLiteral(value, isDuration) { Position = token.Position };
    }

    private static DurationExpr Combine(Expr left, Token op, Expr right) => new(
        op.Text switch
        {
            "+" => DurationOperator.Add,
            "-" => DurationOperator.Subtract,
            "*" => DurationOperator.Multiply,
            "/" => DurationOperator.Divide,
            "%" => DurationOperator.Modulo,
            _ => DurationOperator.Power,
        }, left, right)
    {
        Position = new PositionRange(left.Position.Start, right.Position.End),
    };
}
