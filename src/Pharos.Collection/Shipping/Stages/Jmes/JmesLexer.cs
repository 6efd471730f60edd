using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>Cuts an expression into tokens.</summary>
internal static class JmesLexer
{
    private static readonly string[] Symbols =
        ["[?", "[]", "||", "&&", "==", "!=", "<=", ">=", "[", "]", "{", "}", "(", ")", ".", "*", "|", "&", "!", "<", ">", "@", ",", ":"];

    public static List<JmesToken> Read(string text)
    {
        var tokens = new List<JmesToken>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                i++;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                var start = i;
                while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'))
                {
                    i++;
                }
                tokens.Add(new JmesToken(JmesTokenKind.Name, text[start..i], null, start));
            }
            else if (char.IsAsciiDigit(c) || c == '-')
            {
                tokens.Add(Number(text, ref i));
            }
            else if (c is '"' or '\'' or '`')
            {
                tokens.Add(Quoted(text, ref i));
            }
            else
            {
                var symbol = Array.Find(Symbols, symbol => string.CompareOrdinal(text, i, symbol, 0, symbol.Length) == 0)
                    ?? throw new JmesException($"SyntaxError: Unknown char: {text[i]} at {i}");
                tokens.Add(new JmesToken(JmesTokenKind.Symbol, symbol, null, i));
                i += symbol.Length;
            }
        }
        tokens.Add(new JmesToken(JmesTokenKind.End, "end of the expression", null, text.Length));
        return tokens;
    }

    private static JmesToken Number(string text, ref int i)
    {
        var start = i++;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }
        return int.TryParse(text.AsSpan(start, i - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new JmesToken(JmesTokenKind.Number, text[start..i], number, start)
            : throw new JmesException($"SyntaxError: {text[start..i]} at {start} is no number; a name with a dash stands in quotes, \"a-b\"");
    }

    private static JmesToken Quoted(string text, ref int i)
    {
        var start = i;
        var quote = text[i++];
        var inside = new StringBuilder();
        while (i < text.Length && text[i] != quote)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                if (text[i + 1] == quote && quote != '"')
                {
                    inside.Append(quote);
                }
                else
                {
                    inside.Append('\\').Append(text[i + 1]);
                }
                i += 2;
                continue;
            }
            inside.Append(text[i++]);
        }
        if (i >= text.Length)
        {
            throw new JmesException($"SyntaxError: Unclosed delimiter: {quote}");
        }
        i++;
        var content = inside.ToString();
        return quote switch
        {
            '\'' => new JmesToken(JmesTokenKind.Literal, content, content.Replace("\\\\", "\\", StringComparison.Ordinal), start),
            '"' => new JmesToken(JmesTokenKind.Quoted, Json($"\"{content}\"") as string ?? "", null, start),
            _ => new JmesToken(JmesTokenKind.Literal, content, JsonOrText(content.Trim()), start),
        };
    }

    private static object? JsonOrText(string content)
    {
        try
        {
            return Json(content);
        }
        catch (JmesException)
        {
            // The old form of a literal text, without quotes.
            return content;
        }
    }

    private static object? Json(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return JmesValue.Of(json.RootElement.Clone());
        }
        catch (JsonException)
        {
            throw new JmesException($"SyntaxError: {text} is no JSON");
        }
    }
}
