using System.Globalization;
using System.Text;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Text;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Cuts a query into tokens.</summary>
internal sealed class TraceLexer(string input)
{
    private static readonly string[] Symbols =
    [
        "&>>", "&<<", "!>>", "!<<", "&>", "&<", "&~", "&&", "||", "!>", "!<", "!~", "!=", "=~", ">=", "<=", ">>", "<<",
        "{", "}", "(", ")", ",", "=", "|", ">", "<", "~", "+", "-", "*", "/", "%", "^", "!",
    ];

    private int _at;

    /// <exception cref="TraceSyntaxFailure">What stands next is no token.</exception>
    public TraceToken Next()
    {
        SkipBlanks();
        if (_at >= input.Length)
        {
            return new TraceToken(TraceTokenKind.End, "", input.Length);
        }
        var c = input[_at];
        if (c is '"' or '`')
        {
            return Quoted(c);
        }
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < input.Length && char.IsAsciiDigit(input[_at + 1])))
        {
            return Number();
        }
        return c == '.' ? Attribute(_at, FieldScope.Any, ofParent: false) : IsLetter(c) ? Word() : Symbol();
    }

    private static bool IsLetter(char c) => c == '_' || char.IsLetter(c);

    private static FieldScope? Scope(ReadOnlySpan<char> word) => word switch
    {
        "span" => FieldScope.Span,
        "resource" => FieldScope.Resource,
        "event" => FieldScope.Event,
        "link" => FieldScope.Link,
        "instrumentation" => FieldScope.Instrumentation,
        _ => null,
    };

    private void SkipBlanks()
    {
        while (_at < input.Length)
        {
            if (char.IsWhiteSpace(input[_at]))
            {
                _at++;
                continue;
            }
            var rest = input.AsSpan(_at);
            var isLine = rest.StartsWith("//", StringComparison.Ordinal);
            if (!isLine && !rest.StartsWith("/*", StringComparison.Ordinal))
            {
                return;
            }
            var end = isLine ? rest.IndexOf('\n') : rest[2..].IndexOf("*/", StringComparison.Ordinal);
            if (end < 0 && !isLine)
            {
                throw new TraceSyntaxFailure("comment not terminated", _at);
            }
            _at = end < 0 ? input.Length : _at + end + (isLine ? 1 : 4);
        }
    }

    private TraceToken Quoted(char quote)
    {
        var start = _at;
        for (var i = start + 1; i < input.Length; i++)
        {
            if (input[i] == quote)
            {
                _at = i + 1;
                return GoQuote.TryUnquote(input.AsSpan(start, _at - start), out var text)
                    ? new TraceToken(TraceTokenKind.String, text, start, TraceValue.OfText(text)) : throw new TraceSyntaxFailure("invalid char escape", start);
            }
            if (quote == '"' && input[i] == '\n')
            {
                break;
            }
            i += quote == '"' && input[i] == '\\' ? 1 : 0;
        }
        throw new TraceSyntaxFailure("literal not terminated", start);
    }

    private TraceToken Number()
    {
        var start = _at;
        while (_at < input.Length && (char.IsLetterOrDigit(input[_at]) || input[_at] == '.' || IsExponentSign(start)))
        {
            _at++;
        }
        var text = input[start.._at];
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
        {
            return new TraceToken(TraceTokenKind.Integer, text, start, TraceValue.OfInt(integer));
        }
        if (char.IsAsciiDigit(text[^1]) || text[^1] == '.')
        {
            return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
                && double.IsFinite(value) ? new TraceToken(TraceTokenKind.Float, text, start, TraceValue.OfFloat(value)) : throw Bad(text, start);
        }
        return TraceDuration.TryParse(text, out var ns) ? new TraceToken(TraceTokenKind.Duration, text, start, TraceValue.OfDuration(ns))
            : throw Bad(text, start);
    }

    private static TraceSyntaxFailure Bad(string text, int start) => new($"invalid number or duration: {GoQuote.Quote(text)}", start);

    /// <summary>Whether a sign stands between an exponent's letter and its digits.</summary>
    private bool IsExponentSign(int start) => input[_at] is '+' or '-' && input[_at - 1] is 'e' or 'E' && _at + 1 < input.Length
        && char.IsAsciiDigit(input[_at + 1]) && input.AsSpan(start, _at - 1 - start).IndexOfAnyExcept("0123456789.") < 0;

    private TraceToken Word()
    {
        var start = _at;
        var end = WordEnd(start);
        var word = input.AsSpan(start, end - start);
        if (end < input.Length && input[end] == '.')
        {
            if (Scope(word) is { } scope)
            {
                _at = end;
                return Attribute(start, scope, ofParent: false);
            }
            if (word is "parent")
            {
                return OfParent(start, end);
            }
        }
        if (end + 1 < input.Length && input[end] == ':' && IsLetter(input[end + 1]) && (word is "trace" or "parent" || Scope(word) is not null))
        {
            end = WordEnd(end + 1);
        }
        _at = end;
        return new TraceToken(TraceTokenKind.Word, input[start..end], start);
    }

    private int WordEnd(int at)
    {
        while (at < input.Length && (IsLetter(input[at]) || char.IsDigit(input[at])))
        {
            at++;
        }
        return at;
    }

    /// <summary><c>parent.key</c>, <c>parent.span.key</c> and <c>parent.resource.key</c>.</summary>
    private TraceToken OfParent(int start, int dot)
    {
        var end = WordEnd(dot + 1);
        if (end < input.Length && input[end] == '.' && Scope(input.AsSpan(dot + 1, end - dot - 1)) is { } scope and (FieldScope.Span or FieldScope.Resource))
        {
            _at = end;
            return Attribute(start, scope, ofParent: true);
        }
        _at = dot;
        return Attribute(start, FieldScope.Any, ofParent: true);
    }

    /// <summary>What stands behind a dot: letters, and texts in quotes.</summary>
    private TraceToken Attribute(int start, FieldScope scope, bool ofParent)
    {
        var dot = _at++;
        var key = new StringBuilder();
        var isQuoted = false;
        while (_at < input.Length && AttributeKey.IsLetter(input[_at]))
        {
            if (input[_at] == '"')
            {
                isQuoted = true;
                QuotedPart(key);
            }
            else
            {
                key.Append(input[_at++]);
            }
        }
        if (key.Length == 0 && !isQuoted)
        {
            Rune.DecodeFromUtf16(input.AsSpan(_at), out var next, out var length);
            throw new TraceSyntaxFailure(
                $"syntax error: unexpected {(length == 0 ? "$end" : next.ToString())}, expecting IDENTIFIER", Math.Min(dot + 1, input.Length));
        }
        return new TraceToken(TraceTokenKind.Attribute, input[start.._at], start, Attribute: new FieldExpr.Attribute(scope, ofParent, key.ToString()));
    }

    private void QuotedPart(StringBuilder key)
    {
        var start = _at++;
        while (_at < input.Length && input[_at] != '"')
        {
            if (input[_at] == '\\')
            {
                _at++;
                if (_at >= input.Length || input[_at] is not ('"' or '\\'))
                {
                    throw new TraceSyntaxFailure("invalid escape sequence", _at - 1);
                }
            }
            key.Append(input[_at++]);
        }
        if (_at >= input.Length)
        {
            throw new TraceSyntaxFailure("unexpected EOF, expecting \"", start);
        }
        _at++;
    }

    private TraceToken Symbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(input, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new TraceToken(TraceTokenKind.Symbol, symbol, _at - symbol.Length);
            }
        }
        Rune.DecodeFromUtf16(input.AsSpan(_at), out var rune, out _);
        throw new TraceSyntaxFailure($"syntax error: unexpected {rune}", _at);
    }
}
