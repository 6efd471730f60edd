namespace Pharos.Query.PromQL.Syntax;

/// <summary>Durations inside brackets (a whole expression) and after <c>offset</c> (one signed operand).</summary>
/// <remarks>Whatever is wrong inside one is said of the whole of it, as by Prometheus' rules.</remarks>
internal sealed class DurationParser(TokenStream tokens)
{
    /// <summary>Bounds the recursion on what a client sends.</summary>
    private const int MaxDepth = 200;

    /// <summary>Bounds the height of the tree that a chain like <c>1m + 1m + 1m</c> makes.</summary>
    private const int MaxOperators = 500;

    private const int LowestPrecedence = 4;

    private string _context = "";
    private string _expected = "";
    private int _depth;
    private int _operators;

    /// <summary>An expression up to <c>:</c> or <c>]</c>.</summary>
    public Expr Range() => Whole("subquery or range selector", "number, duration, step(), or range()");

    /// <summary>An expression up to <c>]</c>.</summary>
    public Expr Step() => Whole("subquery selector", "number, duration, step(), range(), or \"]\"");

    /// <summary>A sign and one operand; <c>*</c> and the like after it belong to the query, but for a parenthesis without a
    /// sign, which Prometheus' rules take for the beginning of a longer expression.</summary>
    public Expr Offset()
    {
        (_context, _expected, _operators) = ("offset", "number, duration, step(), or range()", 0);
        if (tokens.Peek.Kind == TokenKind.LeftParen)
        {
            return Sum(LowestPrecedence);
        }
        return IsSign(tokens.Peek) ? Signed(tokens.Take(), AfterSign) : Operand();
    }

    /// <summary>The literal's whole milliseconds, or null for an expression that has to be computed.</summary>
    public static long? LiteralMs(Expr expr) =>
        // Go has nanoseconds, of which the rest is cut off.
        expr is NumberLiteral number ? (long)Math.Round(number.Value * 1e9, MidpointRounding.AwayFromZero) / 1_000_000 : null;

    private Expr Whole(string context, string expected)
    {
        (_context, _expected, _operators) = (context, expected, 0);
        return Sum(LowestPrecedence);
    }

    private Expr AfterSign() => IsSign(tokens.Peek) ? Signed(tokens.Take(), () => Sum(OperatorTable.PowerPrecedence)) : Operand();

    private Expr Sum(int minPrecedence)
    {
        if (++_depth > MaxDepth)
        {
            throw TokenStream.Fail($"duration expression nested more than {MaxDepth} deep", tokens.Peek.Position);
        }
        var left = IsSign(tokens.Peek) ? Signed(tokens.Take(), () => Sum(OperatorTable.PowerPrecedence)) : Operand();
        while (OperatorTable.Find(tokens.Peek) is var (op, precedence) && precedence >= minPrecedence && IsArithmetic(op))
        {
            if (++_operators > MaxOperators)
            {
                throw TokenStream.Fail($"duration expression has more than {MaxOperators} operators", tokens.Peek.Position);
            }
            var sign = tokens.Take();
            left = Combine(left, op, sign, Sum(op == BinaryOperator.Power ? precedence : precedence + 1));
        }
        _depth--;
        return left;
    }

    private static bool IsSign(Token token) => token.Kind == TokenKind.Operator && token.Text is "+" or "-";

    private static bool IsArithmetic(BinaryOperator op) => op is BinaryOperator.Add or BinaryOperator.Subtract
        or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo or BinaryOperator.Power;

    private static Expr Signed(Token sign, Func<Expr> operand)
    {
        var value = operand();
        var position = new PositionRange(sign.Start, value.Position.End);
        if (value is NumberLiteral number)
        {
            return number with { Value = sign.Text == "-" ? -number.Value : number.Value, Position = position };
        }
        return sign.Text == "+" ? value : new DurationExpr(DurationOperator.Subtract, null, value) { Position = position };
    }

    private Expr Operand()
    {
        var token = tokens.Peek;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration: return Literal(tokens.Take());
            case TokenKind.LeftParen: return Parenthesised();
            case TokenKind.Preprocessor when token.Is("step") || token.Is("range"):
                tokens.Take();
                Expect(TokenKind.LeftParen);
                Expect(TokenKind.RightParen);
                return new DurationExpr(token.Is("step") ? DurationOperator.Step : DurationOperator.Range, null, null)
                {
                    Position = new PositionRange(token.Start, tokens.LastEnd),
                };
            case TokenKind.Preprocessor when token.Is("min_of") || token.Is("max_of"): return MinOrMax();
            default: throw tokens.Unexpected(_context, _expected);
        }
    }

    private Token Expect(TokenKind kind) => tokens.Expect(kind, _context, _expected);

    private DurationExpr MinOrMax()
    {
        var name = tokens.Take();
        Expect(TokenKind.LeftParen);
        var left = Sum(LowestPrecedence);
        Expect(TokenKind.Comma);
        var right = Sum(LowestPrecedence);
        Expect(TokenKind.RightParen);
        return new DurationExpr(name.Is("min_of") ? DurationOperator.MinOf : DurationOperator.MaxOf, left, right)
        {
            Position = new PositionRange(name.Start, tokens.LastEnd),
        };
    }

    private DurationExpr Parenthesised()
    {
        var open = tokens.Take();
        var inner = Sum(LowestPrecedence);
        Expect(TokenKind.RightParen);
        return inner is DurationExpr { Wrapped: false } expr ? expr with { Wrapped = true }
            : new DurationExpr(DurationOperator.Add, null, inner, Wrapped: true)
            {
                Position = new PositionRange(open.Start, tokens.LastEnd),
            };
    }

    private static NumberLiteral Literal(Token token)
    {
        var value = NumberScanner.Value(token);
        return Math.Abs(value) <= long.MaxValue / 1e9
            ? new NumberLiteral(value, token.Kind == TokenKind.Duration) { Position = token.Position }
            : throw TokenStream.Fail("duration out of range", token.Position);
    }

    private static DurationExpr Combine(Expr left, BinaryOperator op, Token sign, Expr right)
    {
        var operation = op switch
        {
            BinaryOperator.Add => DurationOperator.Add,
            BinaryOperator.Subtract => DurationOperator.Subtract,
            BinaryOperator.Multiply => DurationOperator.Multiply,
            BinaryOperator.Divide => DurationOperator.Divide,
            BinaryOperator.Modulo => DurationOperator.Modulo,
            _ => DurationOperator.Power,
        };
        if (right is NumberLiteral { Value: 0 } && operation is DurationOperator.Divide or DurationOperator.Modulo)
        {
            throw TokenStream.Fail(operation == DurationOperator.Divide ? "division by zero" : "modulo by zero", sign.Position);
        }
        return new DurationExpr(operation, left, right) { Position = new PositionRange(left.Position.Start, right.Position.End) };
    }
}
