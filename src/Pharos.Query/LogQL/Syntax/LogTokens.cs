namespace Pharos.Query.LogQL.Syntax;

/// <summary>The tokens of a query with two tokens of look-ahead.</summary>
internal sealed class LogTokens
{
    private readonly LogLexer _lexer;
    private LogToken _next;
    private LogToken? _second;

    public LogTokens(string query)
    {
        _lexer = new LogLexer(query);
        _next = _lexer.Next();
    }

    public LogToken Peek => _next;

    public LogToken PeekSecond => _second ??= _lexer.Next();

    public LogToken Take()
    {
        var taken = _next;
        _next = _second ?? _lexer.Next();
        _second = null;
        return taken;
    }

    public bool TryTake(string symbol)
    {
        if (!_next.Is(symbol))
        {
            return false;
        }
        Take();
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!_next.IsWord(word))
        {
            return false;
        }
        Take();
        return true;
    }

    public void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected(symbol);
        }
    }

    public string ExpectString() => _next.Kind == LogTokenKind.String ? Take().Text : throw Unexpected("STRING");

    public string ExpectIdentifier() => _next.Kind == LogTokenKind.Identifier ? Take().Text : throw Unexpected("IDENTIFIER");

    /// <summary>The error for the token that stands next.</summary>
    public LogSyntaxFailure Unexpected(string expected = "") => new(
        $"syntax error: unexpected {_next.Description}{(expected.Length > 0 ? ", expecting " : "")}{expected}", _next.Start);
}
