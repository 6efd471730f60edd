using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Syntax;

/// <summary>Cuts a template into tokens. The last one is <see cref="TokenKind.End"/> or <see cref="TokenKind.Error"/>.</summary>
/// <remarks>Trim markers (<c>{{- </c> and <c> -}}</c>) are applied here: the parser never sees them.</remarks>
internal sealed class TemplateLexer
{
    private const string Left = "{{";
    private const string Right = "}}";
    private const int TrimMarkerLength = 2;

    private static readonly Dictionary<string, TokenKind> Keywords = new(StringComparer.Ordinal)
    {
        ["block"] = TokenKind.Block,
        ["break"] = TokenKind.Break,
        ["continue"] = TokenKind.Continue,
        ["define"] = TokenKind.Define,
        ["else"] = TokenKind.Else,
        ["end"] = TokenKind.EndKeyword,
        ["if"] = TokenKind.If,
        ["nil"] = TokenKind.Nil,
        ["range"] = TokenKind.Range,
        ["template"] = TokenKind.Template,
        ["with"] = TokenKind.With,
    };

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _start;
    private int _startLine = 1;
    private int _parenDepth;
    private bool _failed;

    private TemplateLexer(string text) => _text = text;

    public static List<Token> Read(string text)
    {
        var lexer = new TemplateLexer(text);
        while (!lexer._failed && lexer.ReadText())
        {
            while (!lexer._failed && lexer.ReadInsideAction())
            {
            }
        }
        return lexer._tokens;
    }

    /// <summary>Reads up to and with the next left delimiter. False at the end of the text.</summary>
    private bool ReadText()
    {
        while (true)
        {
            var at = _text.IndexOf(Left, _position, StringComparison.Ordinal);
            if (at < 0)
            {
                _position = _text.Length;
                EmitText(_text.Length);
                Emit(TokenKind.End);
                return false;
            }
            var trims = HasLeftTrimMarker(at + Left.Length);
            _position = at;
            EmitText(trims ? TrimRight(at) : at);
            var afterMarker = at + Left.Length + (trims ? TrimMarkerLength : 0);
            if (!StartsWith(afterMarker, "/*"))
            {
                _position = at + Left.Length;
                Emit(TokenKind.LeftDelimiter);
                _position = afterMarker;
                Ignore();
                _parenDepth = 0;
                return true;
            }
            if (!SkipComment(afterMarker))
            {
                return false;
            }
        }
    }

    private bool SkipComment(int slash)
    {
        var end = _text.IndexOf("*/", slash + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return Fail("unclosed comment");
        }
        _position = end + 2;
        if (!AtRightDelimiter(out var trims))
        {
            return Fail("comment ends before closing delimiter");
        }
        _position += Right.Length + (trims ? TrimMarkerLength : 0);
        if (trims)
        {
            SkipSpaceAfter();
        }
        Ignore();
        return true;
    }

    /// <summary>Reads one token inside an action. False when the action has ended.</summary>
    private bool ReadInsideAction()
    {
        if (AtRightDelimiter(out _))
        {
            return _parenDepth == 0 ? ReadRightDelimiter() : Fail("unclosed left paren");
        }
        if (_position >= _text.Length)
        {
            return Fail("unclosed action");
        }
        var c = _text[_position];
        switch (c)
        {
            case ' ' or '\t' or '\r' or '\n':
                return ReadSpace();
            case '=':
                return EmitNext(TokenKind.Assign);
            case ':':
                _position++;
                if (Peek() != '=')
                {
                    return Fail("expected :=");
                }
                return EmitNext(TokenKind.Declare);
            case '|':
                return EmitNext(TokenKind.Pipe);
            case '"':
                return ReadQuoted('"', TokenKind.String, "unterminated quoted string");
            case '\'':
                return ReadQuoted('\'', TokenKind.CharConstant, "unterminated character constant");
            case '`':
                return ReadRawString();
            case '$':
                return ReadFieldOrVariable(TokenKind.Variable);
            case '.' when !char.IsAsciiDigit(PeekAt(1)):
                return ReadFieldOrVariable(TokenKind.Field);
            case '.' or '+' or '-' or (>= '0' and <= '9'):
                return ReadNumber();
            case '(':
                _parenDepth++;
                return EmitNext(TokenKind.LeftParen);
            case ')':
                _parenDepth--;
                return EmitNext(TokenKind.RightParen);
            case var _ when IsAlphanumericAt(_position):
                return ReadIdentifier();
            case > ' ' and < (char)127:
                return EmitNext(TokenKind.Character);
            default:
                return Fail("unrecognized character in action: " + Describe());
        }
    }

    private bool ReadRightDelimiter()
    {
        AtRightDelimiter(out var trims);
        if (trims)
        {
            _position += TrimMarkerLength;
            Ignore();
        }
        _position += Right.Length;
        Emit(TokenKind.RightDelimiter);
        if (trims)
        {
            SkipSpaceAfter();
            Ignore();
        }
        return false;
    }

    private bool ReadSpace()
    {
        while (_position < _text.Length && IsSpace(_text[_position]))
        {
            // The last blank before a trim marker belongs to the marker.
            if (AtRightDelimiter(out _))
            {
                break;
            }
            _position++;
        }
        Emit(TokenKind.Space);
        return true;
    }

    private bool ReadIdentifier()
    {
        SkipAlphanumerics();
        var word = _text[_start.._position];
        if (!AtTerminator())
        {
            return Fail("bad character " + Describe());
        }
        var kind = Keywords.TryGetValue(word, out var keyword) ? keyword
            : word is "true" or "false" ? TokenKind.Bool : TokenKind.Identifier;
        Emit(kind);
        return true;
    }

    private bool ReadFieldOrVariable(TokenKind kind)
    {
        _position++;
        if (AtTerminator())
        {
            Emit(kind == TokenKind.Variable ? TokenKind.Variable : TokenKind.Dot);
            return true;
        }
        SkipAlphanumerics();
        if (!AtTerminator())
        {
            return Fail("bad character " + Describe());
        }
        Emit(kind);
        return true;
    }

    private bool ReadQuoted(char quote, TokenKind kind, string problem)
    {
        _position++;
        while (true)
        {
            var c = _position < _text.Length ? _text[_position++] : '\n';
            if (c == '\\')
            {
                c = _position < _text.Length ? _text[_position++] : '\n';
                if (c != '\n')
                {
                    continue;
                }
            }
            if (c == '\n')
            {
                return Fail(problem);
            }
            if (c == quote)
            {
                Emit(kind);
                return true;
            }
        }
    }

    private bool ReadRawString()
    {
        var end = _text.IndexOf('`', _position + 1);
        if (end < 0)
        {
            return Fail("unterminated raw quoted string");
        }
        _position = end + 1;
        Emit(TokenKind.RawString);
        return true;
    }

    private bool ReadNumber()
    {
        if (Peek() is '+' or '-')
        {
            _position++;
        }
        var digits = "0123456789_";
        var isDecimal = true;
        if (Peek() == '0' && PeekAt(1) is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            isDecimal = false;
            digits = PeekAt(1) is 'x' or 'X' ? "0123456789abcdefABCDEF_" : PeekAt(1) is 'o' or 'O' ? "01234567_" : "01_";
            _position += 2;
        }
        Accept(digits);
        if (Peek() == '.')
        {
            _position++;
            Accept(digits);
        }
        if ((isDecimal && Peek() is 'e' or 'E') || (digits.Length > 20 && Peek() is 'p' or 'P'))
        {
            _position++;
            if (Peek() is '+' or '-')
            {
                _position++;
            }
            Accept("0123456789_");
        }
        if (_position < _text.Length && IsAlphanumericAt(_position))
        {
            _position++;
            return Fail("bad number syntax: " + GoQuote.Quote(_text[_start.._position]));
        }
        Emit(TokenKind.Number);
        return true;
    }

    private void Accept(string valid)
    {
        while (_position < _text.Length && valid.Contains(_text[_position], StringComparison.Ordinal))
        {
            _position++;
        }
    }

    private void SkipAlphanumerics()
    {
        while (_position < _text.Length && IsAlphanumericAt(_position))
        {
            _position += char.IsHighSurrogate(_text[_position]) ? 2 : 1;
        }
    }

    private bool AtTerminator() => _position >= _text.Length || IsSpace(_text[_position])
        || _text[_position] is '.' or ',' or '|' or ':' or ')' or '(' || StartsWith(_position, Right);

    private bool AtRightDelimiter(out bool trims)
    {
        trims = _position + 1 < _text.Length && IsSpace(_text[_position]) && _text[_position + 1] == '-'
            && StartsWith(_position + TrimMarkerLength, Right);
        return trims || StartsWith(_position, Right);
    }

    private bool HasLeftTrimMarker(int at) =>
        at + 1 < _text.Length && _text[at] == '-' && IsSpace(_text[at + 1]);

    private int TrimRight(int end)
    {
        while (end > _start && IsSpace(_text[end - 1]))
        {
            end--;
        }
        return end;
    }

    private void SkipSpaceAfter()
    {
        while (_position < _text.Length && IsSpace(_text[_position]))
        {
            _position++;
        }
    }

    private void EmitText(int end)
    {
        if (end > _start)
        {
            _tokens.Add(new Token(TokenKind.Text, _text[_start..end], _start, _startLine));
        }
        Ignore();
    }

    private bool EmitNext(TokenKind kind)
    {
        _position++;
        Emit(kind);
        return true;
    }

    private void Emit(TokenKind kind)
    {
        _tokens.Add(new Token(kind, _text[_start.._position], _start, _startLine));
        Ignore();
    }

    private void Ignore()
    {
        _startLine += _text.AsSpan(_start, _position - _start).Count('\n');
        _start = _position;
    }

    private bool Fail(string message)
    {
        _tokens.Add(new Token(TokenKind.Error, message, _start, _startLine));
        _failed = true;
        return false;
    }

    /// <summary>The character at the cursor as <c>U+0040 '@'</c>.</summary>
    private string Describe()
    {
        if (!Rune.TryGetRuneAt(_text, _position, out var rune))
        {
            rune = Rune.ReplacementChar;
        }
        return string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}") +
            (Rune.IsControl(rune) ? "" : $" '{rune}'");
    }

    private char Peek() => PeekAt(0);

    private char PeekAt(int offset) => _position + offset < _text.Length ? _text[_position + offset] : '\0';

    private bool StartsWith(int at, string what) =>
        at <= _text.Length && _text.AsSpan(at).StartsWith(what, StringComparison.Ordinal);

    private bool IsAlphanumericAt(int at) => _text[at] == '_'
        || (Rune.TryGetRuneAt(_text, at, out var rune) && (Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber));

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';
}
