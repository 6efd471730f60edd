using System.Text;
using Pharos.Query.LogQL.Forms;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>Cuts a query into tokens.</summary>
internal sealed class LogLexer(string input)
{
    private static readonly string[] Symbols =
    [
        "|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<=", "{", "}", "(", ")", ",", "=", "|", ">", "<", "+", "-", "*", "/", "%", "^",
    ];

    private int _at;

    /// <exception cref="LogSyntaxFailure">What stands next is no token.</exception>
    public LogToken Next()
    {
        SkipBlanks();
        if (_at >= input.Length)
        {
            return new LogToken(LogTokenKind.End, "", input.Length);
        }
        var c = input[_at];
        if (c is '"' or '`')
        {
            return Quoted(c);
        }
        if (c == '[')
        {
            return Bracketed();
        }
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < input.Length && char.IsAsciiDigit(input[_at + 1])))
        {
            return Number();
        }
        if (IsWord(c))
        {
            var start = _at;
            while (_at < input.Length && (IsWord(input[_at]) || char.IsDigit(input[_at])))
            {
                _at++;
            }
            return new LogToken(LogTokenKind.Identifier, input[start.._at], start);
        }
        return Flag() ?? Symbol();
    }

    private static bool IsWord(char c) => c == '_' || char.IsLetter(c);

    private void SkipBlanks()
    {
        while (_at < input.Length)
        {
            if (input[_at] is ' ' or '\t' or '\n' or '\r')
            {
                _at++;
            }
            else if (input[_at] == '#')
            {
                var end = input.IndexOf('\n', _at);
                _at = end < 0 ? input.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private LogToken Quoted(char quote)
    {
        var start = _at;
        for (var i = start + 1; i < input.Length; i++)
        {
            if (input[i] == quote)
            {
                _at = i + 1;
                return GoQuote.TryUnquote(input.AsSpan(start, _at - start), out var text)
                    ? new LogToken(LogTokenKind.String, text, start) : throw new LogSyntaxFailure("invalid char escape", start);
            }
            if (quote == '"' && input[i] == '\n')
            {
                break;
            }
            i += quote == '"' && input[i] == '\\' ? 1 : 0;
        }
        throw new LogSyntaxFailure("literal not terminated", start);
    }

    private LogToken Bracketed()
    {
        var start = _at;
        var end = input.IndexOf(']', start);
        if (end < 0)
        {
            throw new LogSyntaxFailure("missing closing ']' in duration", start);
        }
        var text = input[(start + 1)..end].Trim();
        if (!PrometheusDuration.TryParse(text, out var range))
        {
            throw new LogSyntaxFailure(PrometheusDuration.Fault(text), start);
        }
        _at = end + 1;
        return range > TimeSpan.Zero ? new LogToken(LogTokenKind.Range, text, start)
            : throw new LogSyntaxFailure("duration must be greater than 0", start);
    }

    private LogToken Number()
    {
        var start = _at;
        while (_at < input.Length && (char.IsLetterOrDigit(input[_at]) || input[_at] is '.' or '_' || IsExponentSign(start)))
        {
            _at++;
        }
        var text = input[start.._at];
        if (LogLiteral.TryDuration(text, out _) && text != "0")
        {
            return new LogToken(LogTokenKind.Duration, text, start);
        }
        if (LogLiteral.TryNumber(text, out _))
        {
            return new LogToken(LogTokenKind.Number, text, start);
        }
        return LogLiteral.TryBytes(text, out _) ? new LogToken(LogTokenKind.Bytes, text, start)
            : throw new LogSyntaxFailure($"invalid number, duration or size: {GoQuote.Quote(text)}", start);
    }

    /// <summary>Whether a sign stands between an exponent's letter and its digits.</summary>
    private bool IsExponentSign(int start) => input[_at] is '+' or '-' && input[_at - 1] is 'e' or 'E' && _at + 1 < input.Length
        && char.IsAsciiDigit(input[_at + 1]) && input.AsSpan(start, _at - 1 - start).IndexOfAnyExcept("0123456789.") < 0;

    private LogToken? Flag()
    {
        foreach (var flag in (ReadOnlySpan<string>)["--strict", "--keep-empty"])
        {
            if (input.AsSpan(_at).StartsWith(flag, StringComparison.Ordinal))
            {
                _at += flag.Length;
                return new LogToken(LogTokenKind.Flag, flag, _at - flag.Length);
            }
        }
        return null;
    }

    private LogToken Symbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(input, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new LogToken(LogTokenKind.Symbol, symbol, _at - symbol.Length);
            }
        }
        Rune.DecodeFromUtf16(input.AsSpan(_at), out var rune, out _);
        throw new LogSyntaxFailure($"syntax error: unexpected {rune}", _at);
    }
}
