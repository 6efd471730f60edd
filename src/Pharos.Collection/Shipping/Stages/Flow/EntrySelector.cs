using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary>What <c>match</c> selects by: LogQL's stream selector with line filters, <c>{app="a"} |= "x" !~ "y"</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class EntrySelector
{
    private readonly List<LabelMatcher> _matchers = [];
    private readonly List<Func<string, bool>> _filters = [];
    private readonly string _text;
    private int _at;

    private EntrySelector(string text) => _text = text;

    public static bool TryParse(string text, out EntrySelector selector, out string error)
    {
        selector = new EntrySelector(text);
        try
        {
            selector.Parse();
            error = "";
            return true;
        }
        catch (Exception e) when (e is FormatException or GoRegexException)
        {
            error = e.Message;
            return false;
        }
    }

    public bool Selects(ShippedEntry entry)
    {
        foreach (var matcher in _matchers)
        {
            if (!matcher.Matches(entry.Labels[matcher.Name]))
            {
                return false;
            }
        }
        return _filters.TrueForAll(filter => filter(entry.Line));
    }

    private void Parse()
    {
        Expect('{');
        while (!TryTake("}"))
        {
            if (_matchers.Count > 0)
            {
                Expect(',');
            }
            var name = Name();
            var type = TryTake("=~") ? MatchType.Regex : TryTake("!~") ? MatchType.NotRegex : TryTake("!=") ? MatchType.NotEqual
                : TryTake("=") ? MatchType.Equal : throw Unexpected("an operator");
            _matchers.Add(new LabelMatcher(type, name, Literal()));
        }
        if (_matchers.Count == 0)
        {
            throw new FormatException("it selects by no label");
        }
        while (SkipBlanks())
        {
            Filter();
        }
    }

    private void Filter()
    {
        if (TryTake("|="))
        {
            var text = Literal();
            _filters.Add(line => line.Contains(text, StringComparison.Ordinal));
        }
        else if (TryTake("!="))
        {
            var text = Literal();
            _filters.Add(line => !line.Contains(text, StringComparison.Ordinal));
        }
        else if (TryTake("|~"))
        {
            var regex = GoRegex.Unanchored(Literal());
            _filters.Add(line => regex.Match(line).Success);
        }
        else if (TryTake("!~"))
        {
            var regex = GoRegex.Unanchored(Literal());
            _filters.Add(line => !regex.Match(line).Success);
        }
        else
        {
            throw Unexpected("a line filter");
        }
    }

    private string Name()
    {
        SkipBlanks();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }
        return _at > start && !char.IsAsciiDigit(_text[start]) ? _text[start.._at] : throw Unexpected("a label");
    }

    /// <summary>In double quotes with Go's escapes, or in back quotes as it is.</summary>
    private string Literal()
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == '`' && _text.IndexOf('`', _at + 1) is var end and > 0)
        {
            var raw = _text[(_at + 1)..end];
            _at = end + 1;
            return raw;
        }
        if (_at >= _text.Length || _text[_at] != '"')
        {
            throw Unexpected("a text in quotes");
        }
        var text = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == '"')
            {
                _at++;
                return text.ToString();
            }
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
                text.Append(_text[_at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
                continue;
            }
            text.Append(_text[_at]);
        }
        throw new FormatException("a quote is not closed");
    }

    private void Expect(char c)
    {
        if (!TryTake(c.ToString()))
        {
            throw Unexpected($"'{c}'");
        }
    }

    private bool TryTake(string symbol)
    {
        SkipBlanks();
        if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }
        _at += symbol.Length;
        return true;
    }

    private bool SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
        return _at < _text.Length;
    }

    private FormatException Unexpected(string wanted) => new($"{wanted} is expected at character {_at + 1}");
}
