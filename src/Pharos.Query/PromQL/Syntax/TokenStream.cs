namespace Pharos.Query.PromQL.Syntax;

/// <summary>The tokens of a query with two tokens of look-ahead.</summary>
internal sealed class TokenStream
{
    private readonly Lexer _lexer;
    private readonly Queue<Token> _ahead = new();

    public TokenStream(string query)
    {
        _lexer = new Lexer(query);
    }

    public Token Peek => Ahead(0);

    public Token PeekSecond => Ahead(1);

    /// <summary>Where the last taken token ended.</summary>
    public int LastEnd { get; private set; }

    public Token Take()
    {
        var token = Peek;
        _ahead.Dequeue();
        LastEnd = token.End;
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Peek.Kind != kind)
        {
            return false;
        }
        Take();
        return true;
    }

    public bool TryTakeKeyword(string word)
    {
        if (Peek.Kind != TokenKind.Keyword || !Peek.Is(word))
        {
            return false;
        }
        Take();
        return true;
    }

    public Token Expect(TokenKind kind, string context, string expected) =>
        Peek.Kind == kind ? Take() : throw Unexpected(context, expected);

    /// <summary>What a token is said to be in where nothing nearer has a word for it.</summary>
    public string Enclosing { get; set; } = "";

    /// <summary>The error for the token that stands next.</summary>
    public SyntaxFailure Unexpected() => Unexpected(Enclosing, "");

    public SyntaxFailure Unexpected(string context, string expected)
    {
        var message = $"unexpected {Peek.Describe()}";
        if (context.Length > 0)
        {
            message += $" in {context}";
        }
        if (expected.Length > 0)
        {
            message += $", expected {expected}";
        }
        return Fail(message, Peek.Position);
    }

    public static SyntaxFailure Fail(string message, PositionRange position) =>
        new(new ParseError(message, position.Start, position.End));

    private Token Ahead(int index)
    {
        while (_ahead.Count <= index)
        {
            _ahead.Enqueue(_lexer.Next());
        }
        return index == 0 ? _ahead.Peek() : _ahead.ElementAt(index);
    }
}
