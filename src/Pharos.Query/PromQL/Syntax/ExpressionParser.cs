using Pharos.Query.PromQL.Functions;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>The query's grammar by precedence climbing. Syntax errors stop it; errors of type are collected.</summary>
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
    private readonly TypeChecker _checker;
    private int _depth;
    private int _operators;

    public ExpressionParser(string query, PromParserOptions options, List<ParseError> errors)
    {
        _tokens = new TokenStream(query);
        _checker = new TypeChecker(query, options, errors);
        _selectors = new SelectorParser(_tokens, errors);
        _postfix = new PostfixParser(_tokens, _checker);
        _matching = new MatchingParser(_tokens);
    }

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
            left = _checker.Binary(op, left, right, matching, returnBool);
        }
        _depth--;
        return left;
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
            : _checker.Unary(new UnaryExpr(negative, operand) { Position = position });
    }

    private Expr Primary()
    {
        var token = _tokens.Peek;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration: return Number();
            case TokenKind.String: return Text();
            case TokenKind.LeftParen: return Parenthesised();
            case TokenKind.LeftBrace: return _checker.Selector(_selectors.Selector());
            case TokenKind.Aggregator when StartsAggregation(): return Aggregation();
            case TokenKind.Identifier or TokenKind.Keyword when _tokens.PeekSecond.Kind == TokenKind.LeftParen
                && (token.Kind == TokenKind.Identifier || FunctionTable.Find(token.Text.ToLowerInvariant()) is not null):
                return Call();
            default:
                return Keywords.MayNameMetric(token) ? _checker.Selector(_selectors.Selector())
                    : throw _tokens.Unexpected();
        }
    }

    private NumberLiteral Number()
    {
        var token = _tokens.Take();
        var isDuration = token.Kind == TokenKind.Duration;
        var read = isDuration ? NumberScanner.TryReadDuration(token.Text, out var value)
            : NumberScanner.TryReadNumber(token.Text, out value);
        return read ? new NumberLiteral(value, isDuration) { Position = token.Position }
            : throw TokenStream.Fail(isDuration
                ? $"not a valid duration string: {GoQuote.Quote(token.Text)}"
                : $"error parsing number: strconv.ParseFloat: parsing {GoQuote.Quote(token.Text)}: invalid syntax",
                token.Position);
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
        var op = Keywords.Aggregators[token.Text];
        var (grouping, without) = _matching.Grouping() ?? ([], false);
        var explicitGrouping = _tokens.LastEnd > token.End;
        if (_tokens.Peek.Kind != TokenKind.LeftParen)
        {
            throw _tokens.Unexpected("aggregation");
        }
        var arguments = Arguments();
        if (!explicitGrouping && _matching.Grouping() is var (after, afterWithout))
        {
            (grouping, without) = (after, afterWithout);
        }
        return _checker.Aggregate(op, arguments, grouping, without, new PositionRange(token.Start, _tokens.LastEnd));
    }

    private CallExpr Call()
    {
        var name = _tokens.Take();
        // A name is looked up once its call has ended: what is wrong inside stands first.
        var arguments = Arguments();
        var function = FunctionTable.Find(name.Text.ToLowerInvariant()) is { } found
            && (name.Kind == TokenKind.Keyword || FunctionTable.Find(name.Text) is not null) ? found
            : throw TokenStream.Fail($"unknown function with name {GoQuote.Quote(name.Text)}", name.Position);
        return _checker.Call(new CallExpr(function.Signature, arguments)
        {
            Position = new PositionRange(name.Start, _tokens.LastEnd),
        });
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
            if (_tokens.Peek.Kind == TokenKind.RightParen)
            {
                throw TokenStream.Fail("trailing commas not allowed in function call args", comma.Position);
            }
        }
    }
}
