namespace Pharos.Query.TraceQL.Syntax;

/// <summary>The tokens of a query with one token of look-ahead.</summary>
internal sealed class TraceTokens
{
    private readonly TraceLexer _lexer;

    public TraceTokens(string query)
    {
        _lexer = new TraceLexer(query);
        Peek = _lexer.Next();
    }

    public TraceToken Peek { get; private set; }

    public TraceToken Take()
    {
        var taken = Peek;
        Peek = _lexer.Next();
        return taken;
    }

    public bool TryTake(string symbol)
    {
        if (!Peek.Is(symbol))
        {
            return false;
        }
        Take();
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!Peek.IsWord(word))
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

    /// <summary>The error for the token that stands next.</summary>
    public TraceSyntaxFailure Unexpected(string expected = "") => Unexpected(Peek, expected);

    public static TraceSyntaxFailure Unexpected(TraceToken token, string expected = "") => new(
        $"syntax error: unexpected {token.Description}{(expected.Length > 0 ? ", expecting " : "")}{expected}", token.Start);
}
