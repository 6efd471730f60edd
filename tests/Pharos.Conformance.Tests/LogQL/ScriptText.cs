using System.Text;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>Reads the parts of a script's line.</summary>
internal sealed class ScriptText(string text)
{
    private int _at;

    /// <summary>A text in which bytes that are no UTF-8 are written as <c>\xff</c>, as the bytes that it means.</summary>
    public static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        foreach (var rune in text)
        {
            if (rune - '\uDC00' is >= 0x80 and <= 0xFF)
            {
                bytes.Add((byte)(rune - '\uDC00'));
            }
        }
        return bytes.Count == 0 ? Encoding.UTF8.GetBytes(text)
            : [.. text.SelectMany(static c => c - '\uDC00' is >= 0x80 and <= 0xFF ? [(byte)(c - '\uDC00')] : Encoding.UTF8.GetBytes([c]))];
    }

    public LabelSet Labels()
    {
        Skip();
        var end = text.IndexOf('}', _at) + 1;
        var matchers = PromParser.ParseMetricSelector(text[_at..end]);
        _at = end;
        return LabelSet.From((ReadOnlySpan<Label>)[.. matchers.Select(static matcher => new Label(matcher.Name, matcher.Value))]);
    }

    public string Word()
    {
        Skip();
        var end = text.IndexOf(' ', _at);
        end = end < 0 ? text.Length : end;
        var word = text[_at..end];
        _at = end;
        return word;
    }

    public string Quoted()
    {
        Skip();
        var quote = text[_at];
        var end = _at + 1;
        while (text[end] != quote)
        {
            end += quote == '"' && text[end] == '\\' ? 2 : 1;
        }
        var literal = text[_at..(end + 1)];
        _at = end + 1;
        return GoQuote.TryUnquote(literal, out var meaning) ? meaning : throw new InvalidDataException($"no text: {literal}");
    }

    public List<(string Name, string Value)> Pairs()
    {
        var pairs = new List<(string, string)>();
        for (Skip(); _at < text.Length; Skip())
        {
            var equals = text.IndexOf('=', _at);
            var name = text[_at..equals];
            _at = equals + 1;
            pairs.Add((name, Quoted()));
        }
        return pairs;
    }

    private void Skip()
    {
        while (_at < text.Length && text[_at] == ' ')
        {
            _at++;
        }
    }
}
