using System.Text;
using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>Reads the labels of a stream as clients write them.</summary>
public static class StreamText
{
    /// <summary>The labels in the order of the text, a name perhaps twice, a value perhaps empty; null where the text is none.</summary>
    /// <param name="error">What is wrong with it.</param>
    public static IReadOnlyList<Label>? Parse(ReadOnlySpan<byte> text, StreamTextForm form, out string error) =>
        form is StreamTextForm.JsonObject ? ParseJson(text, out error) : ParseSelector(Encoding.UTF8.GetString(text), out error);

    private static List<Label>? ParseJson(ReadOnlySpan<byte> text, out string error)
    {
        error = "";
        var labels = new List<Label>();
        var json = new Utf8JsonReader(text);
        var room = new Utf8Text();
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = Text(in json, room);
            json.Read();
            if (json.TokenType is not JsonTokenType.String)
            {
                error = $"the value of label {GoQuote.Quote(name)} is no text";
                return null;
            }
            if (!IsName(name))
            {
                error = $"invalid label name {GoQuote.Quote(name)}";
                return null;
            }
            labels.Add(new Label(name, Text(in json, room)));
        }
        return labels;
    }

    private static List<Label>? ParseSelector(string text, out string error)
    {
        var labels = new List<Label>();
        var at = Skip(text, 0);
        if (at == text.Length || text[at] != '{')
        {
            error = "the labels do not begin with {";
            return null;
        }
        at = Skip(text, at + 1);
        while (at < text.Length && text[at] != '}')
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or ':'))
            {
                at++;
            }
            var name = text[start..at];
            at = Skip(text, at);
            if (!IsName(name) || at == text.Length || text[at] != '=')
            {
                error = $"expected a label name and = at position {start}";
                return null;
            }
            at = Skip(text, at + 1);
            if (Quoted(text, at) is not { } quoted || !GoQuote.TryUnquote(quoted, out var value))
            {
                error = $"expected a quoted value at position {at}";
                return null;
            }
            labels.Add(new Label(name, value));
            at = Skip(text, at + quoted.Length);
            if (at < text.Length && text[at] == ',')
            {
                at = Skip(text, at + 1);
            }
            else if (at == text.Length || text[at] != '}')
            {
                error = $"expected a comma or }} at position {at}";
                return null;
            }
        }
        if (at == text.Length || Skip(text, at + 1) != text.Length)
        {
            error = "the labels do not end with }";
            return null;
        }
        error = "";
        return labels;
    }

    private static int Skip(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
        return at;
    }

    /// <summary>The quoted text that begins here, quotes included.</summary>
    private static string? Quoted(string text, int at)
    {
        if (at >= text.Length || text[at] is not ('"' or '`'))
        {
            return null;
        }
        for (var end = at + 1; end < text.Length; end++)
        {
            if (text[end] == '\\' && text[at] == '"')
            {
                end++;
            }
            else if (text[end] == text[at])
            {
                return text[at..(end + 1)];
            }
        }
        return null;
    }

    private static string Text(in Utf8JsonReader json, Utf8Text room) =>
        Encoding.UTF8.GetString(json.ValueIsEscaped ? room.Unescaped(json.ValueSpan) : room.Valid(json.ValueSpan));

    private static bool IsName(string name) => MetricNames.IsLegacyValidLabel(name);
}
