using Pharos.Query.PromQL.Functions;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>The query's grammar by precedence climbing. The first error stops it.</summary>
/// <remarks>Prometheus' parser is generated: it decides upon one token ahead, and says what it was in by the nearest rule that
/// provides for errors. Texts and places of errors follow from that.</remarks>
internal sealed class ExpressionParser
{
    /// <summary>Bounds the recursion on what a client sends.</summary>
    private const int MaxDepth = 400;

    /// <summary>Bounds the height of the tree that a chain like <c>a + a + a</c> makes.</summary>
    private const int MaxOperators = 2_000;

    private readonly TokenStream _tokens;
    private readonly SelectorParser _selectors;
    private readonly PostfixParser _postfix;
    private readonly MatchingParser _matching;
    private readonly PromParserOptions _options;
    private int _depth;
    private int _operators;

    public ExpressionParser(string query, PromParserOptions options)
    {
        _options = options;
        _tokens = new TokenStream(query);
        _selectors = new SelectorParser(_tokens);
        _postfix = new PostfixParser(_tokens, options);
        _matching = new MatchingParser(_tokens);
    }

    /// <summary>A tree whose types are not yet checked.</summary>

    public Expr Whole()
    {
        if (_tokens.Peek.Kind == TokenKind.End)
        {
            throw TokenStream.Fail("no expression found in input", default);
        }
        var expr = Expression(0);
        return _tokens.Peek.Kind == TokenKind.End ? expr : throw _tokens.Unexpected();
    }

    public VectorSelector SelectorOnly()
    {
        var selector = _selectors.Selector();
        return _tokens.Peek.Kind == TokenKind.End ? selector : throw _tokens.Unexpected();
    }

    private Expr Expression(int minPrecedence)
    {
        if (++_depth > MaxDepth)
        {
            throw TokenStream.Fail($"expression nested more than {MaxDepth} deep", _tokens.Peek.Position);
        }
        var left = Prefix();
        while (OperatorTable.Find(_tokens.Peek) is var (op, precedence) && precedence >= minPrecedence)
        {
            if (++_operators > MaxOperators)
            {
                throw TokenStream.Fail($"expression has more than {MaxOperators} operators", _tokens.Peek.Position);
            }
            _tokens.Take();
            var (returnBool, matching) = _matching.Modifiers();
            var right = Expression(op == BinaryOperator.Power ? precedence : precedence + 1);
            left = Binary(op, left, right, matching, returnBool);
        }
        _depth--;
        return left;
    }

    private BinaryExpr Binary(BinaryOperator op, Expr left, Expr right, VectorMatching matching, bool returnBool)
    {
        var position = new PositionRange(left.Position.Start, right.Position.End);
        return _options.FillModifiers || (matching.FillLeft is null && matching.FillRight is null)
            ? new BinaryExpr(op, left, right, matching, returnBool) { Position = position }
            : throw TokenStream.Fail("binop fill modifiers are experimental and not enabled", position);
    }

    private Expr Prefix()
    {
        var token = _tokens.Peek;
        if (token.Kind != TokenKind.Operator || token.Text is not ("+" or "-"))
        {
            return _postfix.Apply(Primary());
        }
        _tokens.Take();
        var operand = Expression(OperatorTable.PowerPrecedence);
        var position = new PositionRange(token.Start, operand.Position.End);
        var negative = token.Text == "-";
        return operand is NumberLiteral number
            ? number with { Value = negative ? -number.Value : number.Value, Position = position }
            : new UnaryExpr(negative, operand) { Position = position };
    }

    private Expr Primary()
    {
        var token = _tokens.Peek;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration: return Number();
            case TokenKind.String: return Text();
            case TokenKind.LeftParen: return Parenthesised();
            case TokenKind.LeftBrace: return _selectors.Selector();
            case TokenKind.Aggregator when StartsAggregation(): return Aggregation();
            case TokenKind.Identifier or TokenKind.Preprocessor when _tokens.PeekSecond.Kind == TokenKind.LeftParen: return Call();
            default: return Keywords.MayNameMetric(token) ? _selectors.Selector() : throw _tokens.Unexpected();
        }
    }

    private NumberLiteral Number()
    {
        var token = _tokens.Take();
        return new NumberLiteral(NumberScanner.Value(token), token.Kind == TokenKind.Duration) { Position = token.Position };
    }

    private StringLiteral Text()
    {
        var token = _tokens.Take();
        return GoQuote.TryUnquote(token.Text, out var text) ? new StringLiteral(text) { Position = token.Position }
            : throw TokenStream.Fail(
                $"error unquoting string {GoQuote.Quote(token.Text)}: invalid syntax", token.Position);
    }

    private ParenExpr Parenthesised()
    {
        var open = _tokens.Take();
        var inner = Expression(0);
        if (!_tokens.TryTake(TokenKind.RightParen))
        {
            throw _tokens.Unexpected();
        }
        return new ParenExpr(inner) { Position = new PositionRange(open.Start, _tokens.LastEnd) };
    }

    private bool StartsAggregation() => _tokens.PeekSecond.Kind == TokenKind.LeftParen
        || (_tokens.PeekSecond.Kind == TokenKind.Keyword && (_tokens.PeekSecond.Is("by") || _tokens.PeekSecond.Is("without")));

    private AggregateExpr Aggregation()
    {
        var token = _tokens.Take();
        var op = Keywords.Aggregator(token.Text)!.Value;
        var (grouping, without) = _matching.Grouping() ?? ([], false);
        var explicitGrouping = _tokens.LastEnd > token.End;
        var outside = _tokens.Enclosing;
        _tokens.Enclosing = "aggregation";
        if (_tokens.Peek.Kind != TokenKind.LeftParen)
        {
            throw _tokens.Unexpected();
        }
        var arguments = Arguments();
        _tokens.Enclosing = outside;
        if (!explicitGrouping && _matching.Grouping() is var (after, afterWithout))
        {
            (grouping, without) = (after, afterWithout);
        }
        return Aggregate(op, arguments, grouping, without, new PositionRange(token.Start, _tokens.LastEnd));
    }

    private AggregateExpr Aggregate(
        AggregateOperator op, List<Expr> arguments, IReadOnlyList<string> grouping, bool without, PositionRange position)
    {
        if (arguments.Count == 0)
        {
            throw TokenStream.Fail("no arguments for aggregate expression provided", position);
        }
        if (op.IsExperimental() && !_options.ExperimentalFunctions)
        {
            throw TokenStream.Fail($"{op.Symbol()}() is experimental and must be enabled with " +
                "--enable-feature=promql-experimental-functions", position);
        }
        var wanted = op.HasParameter() ? 2 : 1;
        return arguments.Count != wanted
            ? throw TokenStream.Fail("wrong number of arguments for aggregate expression provided, " +
                $"expected {wanted}, got {arguments.Count}", position)
            : new AggregateExpr(op, arguments[^1], wanted == 2 ? arguments[0] : null, grouping, without) { Position = position };
    }

    private CallExpr Call()
    {
        var name = _tokens.Take();
        // A name is looked up once its call has ended: what is wrong inside stands first.
        var arguments = Arguments();
        var function = FunctionTable.Find(name.Text)
            ?? throw TokenStream.Fail($"unknown function with name {GoQuote.Quote(name.Text)}", name.Position);
        if (function.Signature.Experimental && !_options.ExperimentalFunctions)
        {
            throw TokenStream.Fail($"function {GoQuote.Quote(name.Text)} is not enabled", name.Position);
        }
        return new CallExpr(function.Signature, arguments) { Position = new PositionRange(name.Start, _tokens.LastEnd) };
    }

    private List<Expr> Arguments()
    {
        var arguments = new List<Expr>();
        _tokens.Take();
        if (_tokens.TryTake(TokenKind.RightParen))
        {
            return arguments;
        }
        while (true)
        {
            arguments.Add(Expression(0));
            if (_tokens.TryTake(TokenKind.RightParen))
            {
                return arguments;
            }
            if (_tokens.Peek.Kind != TokenKind.Comma)
            {
                throw _tokens.Unexpected();
            }
            var comma = _tokens.Take();
            if (!Keywords.MayStartExpression(_tokens.Peek))
            {
                throw TokenStream.Fail("trailing commas not allowed in function call args", comma.Position);
            }
        }
    }
}
