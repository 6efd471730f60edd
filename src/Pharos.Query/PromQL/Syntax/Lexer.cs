using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Cuts a query into tokens. Knows whether it stands inside braces or brackets, where other rules hold.</summary>
/// <remarks>Where Prometheus' scanner has a quirk, this one has it too: error texts depend on it.</remarks>
internal sealed class Lexer(string input)
{
    private int _position;
    private int _parenDepth;
    private bool _inBraces;
    private bool _inBrackets;
    private bool _sawColon;

    /// <summary>In brackets, up to the first number: only arithmetic on durations may stand here.</summary>
    private bool _inDuration;

    /// <summary>A number stood in brackets anywhere before.</summary>
    private bool _sawDuration;

    /// <exception cref="SyntaxFailure">The text is no token.</exception>
    public Token Next()
    {
        SkipBlanksAndComments();
        if (_inDuration)
        {
            return InsideDuration();
        }
        if (_position >= input.Length)
        {
            return AtEnd();
        }
        return _inBraces ? InsideBraces() : Outside();
    }

    private char Peek(int ahead = 0) => _position + ahead < input.Length ? input[_position + ahead] : '\0';

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, _position, input.Substring(_position, length));
        _position += length;
        return token;
    }

    private SyntaxFailure Fail(string message, int? start = null) =>
        new(new ParseError(message, start ?? _position, input.Length));

    private void SkipBlanksAndComments()
    {
        while (_position < input.Length)
        {
            if (input[_position] is ' ' or '\t' or '\n' or '\r')
            {
                _position++;
            }
            else if (input[_position] == '#' && !_inDuration)
            {
                var end = input.IndexOf('\n', _position);
                _position = end < 0 ? input.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private Token AtEnd()
    {
        if (_inBraces)
        {
            throw Fail("unexpected end of input inside braces");
        }
        if (_parenDepth != 0)
        {
            throw Fail("unclosed left parenthesis");
        }
        if (_inBrackets)
        {
            throw Fail("unclosed left bracket");
        }
        return new Token(TokenKind.End, input.Length, "");
    }

    private Token Outside()
    {
        var c = input[_position];
        switch (c)
        {
            case ',': return Take(TokenKind.Comma, 1);
            case '*' or '/' or '%' or '+' or '-' or '^': return Take(TokenKind.Operator, 1);
            case '=' or '!' or '<' or '>': return Comparison(c);
            case '"' or '\'' or '`': return QuotedString(c);
            case '(' or ')': return Paren(c);
            case '{':
                _inBraces = true;
                return Take(TokenKind.LeftBrace, 1);
            case '[' or ']': return Bracket(c);
            case '@': return Take(TokenKind.At, 1);
            default: break;
        }
        if (StartsNumber(c))
        {
            return NumberOrDuration();
        }
        if (char.IsAsciiLetter(c) || c is '_' or ':')
        {
            return _inBrackets ? WordInBrackets(c) : Word();
        }
        throw Fail($"unexpected character: {QuoteRune()}");
    }

    private Token Comparison(char first)
    {
        var second = Peek(1);
        switch (first)
        {
            case '=' when second == '=': return Take(TokenKind.Operator, 2);
            case '=' when second == '~': throw Fail("unexpected character after '=': '~'");
            case '=': return Take(TokenKind.Assign, 1);
            case '!' when second == '=': return Take(TokenKind.Operator, 2);
            case '!':
                var start = _position++;
                throw Fail($"unexpected character after '!': {QuoteRune()}", start);
            default: return Take(TokenKind.Operator, second is '=' or '/' ? 2 : 1);
        }
    }

    private Token Paren(char c)
    {
        _parenDepth += c == '(' ? 1 : -1;
        // Prometheus has taken the parenthesis before it notices: the place is the one behind it.
        return _parenDepth >= 0 ? Take(c == '(' ? TokenKind.LeftParen : TokenKind.RightParen, 1)
            : throw Fail("unexpected right parenthesis ')'", _position + 1);
    }

    private Token Bracket(char c)
    {
        if (_inBrackets == (c == '['))
        {
            throw Fail(c == '[' ? "unexpected left bracket '['" : "unexpected right bracket ']'");
        }
        _inBrackets = c == '[';
        _inDuration = _inBrackets;
        _sawColon = false;
        return Take(c == '[' ? TokenKind.LeftBracket : TokenKind.RightBracket, 1);
    }

    private Token InsideDuration()
    {
        if (_position >= input.Length)
        {
            throw Fail("unexpected end of input in duration expression");
        }
        var c = input[_position];
        switch (c)
        {
            case '[': break;
            case ']': return Bracket(c);
            case '(' or ')': return Paren(c);
            case ',': return Take(TokenKind.Comma, 1);
            case '+' or '-' or '*' or '/' or '%' or '^': return Take(TokenKind.Operator, 1);
            case ':':
                if (!_sawDuration || _sawColon)
                {
                    throw Fail(_sawDuration ? "unexpected repeated colon in duration expression"
                        : "unexpected colon before duration in duration expression", _position + 1);
                }
                _sawColon = true;
                return Take(TokenKind.Colon, 1);
            default:
                if (StartsNumber(c))
                {
                    _inDuration = false;
                    _sawDuration = true;
                    return NumberOrDuration();
                }
                if (DurationWordLength() is > 0 and var length)
                {
                    return Take(TokenKind.Preprocessor, length);
                }
                break;
        }
        throw Fail($"unexpected character in duration expression: {QuoteRune()}");
    }

    private bool StartsNumber(char c) => char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)));

    /// <summary>The length of <c>step</c>, <c>range</c>, <c>min_of</c> or <c>max_of</c>, or 0.</summary>
    private int DurationWordLength()
    {
        var length = 0;
        while (char.IsAsciiLetter(Peek(length)) || Peek(length) == '_')
        {
            length++;
        }
        var word = input.Substring(_position, length).ToLowerInvariant();
        return word is "step" or "range" or "min_of" or "max_of" ? length : 0;
    }

    private Token WordInBrackets(char c)
    {
        if (c == ':')
        {
            if (_sawColon)
            {
                throw Fail("unexpected colon ':'");
            }
            _sawColon = true;
            return Take(TokenKind.Colon, 1);
        }
        var length = DurationWordLength();
        return length > 0 ? Take(TokenKind.Preprocessor, length)
            : throw Fail($"unexpected character: {QuoteRune()}, expected ':'");
    }

    private Token Word()
    {
        var length = WordLength(colons: true);
        var word = input.Substring(_position, length);
        var kind = Keywords.NeedsParenthesis(word) && !ParenthesisFollows(length) ? TokenKind.Identifier : Keywords.KindOf(word);
        return Take(kind == TokenKind.Identifier && word.Contains(':', StringComparison.Ordinal)
            ? TokenKind.MetricIdentifier : kind, length);
    }

    private bool ParenthesisFollows(int ahead)
    {
        while (Peek(ahead) is ' ' or '\t' or '\n' or '\r')
        {
            ahead++;
        }
        return Peek(ahead) == '(';
    }

    private int WordLength(bool colons)
    {
        var length = 0;
        while (char.IsAsciiLetterOrDigit(Peek(length)) || Peek(length) == '_' || (colons && Peek(length) == ':'))
        {
            length++;
        }
        return length;
    }

    private Token InsideBraces()
    {
        var c = input[_position];
        switch (c)
        {
            case ',': return Take(TokenKind.Comma, 1);
            case '"' or '\'' or '`': return QuotedString(c);
            case '=': return Peek(1) == '~' ? Take(TokenKind.RegexEqual, 2) : Take(TokenKind.Assign, 1);
            case '!':
                return Peek(1) switch
                {
                    '~' => Take(TokenKind.RegexNotEqual, 2),
                    '=' => Take(TokenKind.Operator, 2),
                    _ => throw AfterBang(),
                };
            case '{': throw Fail("unexpected left brace '{'");
            case '}':
                _inBraces = false;
                return Take(TokenKind.RightBrace, 1);
            default:
                return char.IsAsciiLetter(c) || c == '_' ? Take(TokenKind.Identifier, WordLength(colons: false))
                    : throw Fail($"unexpected character inside braces: {QuoteRune()}");
        }
    }

    private SyntaxFailure AfterBang()
    {
        var start = _position++;
        return Fail($"unexpected character after '!' inside braces: {QuoteRune()}", start);
    }

    private Token QuotedString(char quote)
    {
        for (var i = _position + 1; i < input.Length; i++)
        {
            if (input[i] == quote)
            {
                return Take(TokenKind.String, i + 1 - _position);
            }
            if (input[i] == '\uFFFD')
            {
                throw Fail("invalid UTF-8 rune");
            }
            if (quote == '`')
            {
                continue;
            }
            if (input[i] == '\n')
            {
                throw Fail("unterminated quoted string");
            }
            if (input[i] == '\\')
            {
                if (StringEscape.Fault(input, i + 1, quote, out var length) is { } fault)
                {
                    throw Fail(fault);
                }
                i += length;
            }
        }
        throw Fail(quote == '`' ? "unterminated raw string" : "unterminated quoted string");
    }

    private Token NumberOrDuration()
    {
        var end = NumberScanner.Scan(input, _position, out var kind);
        return kind is { } number ? Take(number, end - _position)
            : throw Fail($"bad number or duration syntax: {GoQuote.Quote(input[_position..end])}");
    }

    /// <summary>The character that stands next, in Go's single quotes.</summary>
    private string QuoteRune()
    {
        if (_position >= input.Length)
        {
            return "'\uFFFD'";
        }
        Rune.DecodeFromUtf16(input.AsSpan(_position), out var rune, out _);
        var quoted = GoQuote.Quote(rune.ToString())[1..^1];
        return quoted switch { "'" => @"'\''", "\\\"" => "'\"'", _ => $"'{quoted}'" };
    }
}
