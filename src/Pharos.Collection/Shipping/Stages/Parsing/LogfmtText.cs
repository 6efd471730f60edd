using System.Globalization;
using System.Text;

namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary>Reads <c>a=1 b="two words" c</c>; what is malformed is passed over.</summary>
internal static class LogfmtText
{
    public static IEnumerable<KeyValuePair<string, string>> Pairs(string text)
    {
        var i = 0;
        while (i < text.Length)
        {
            while (i < text.Length && text[i] <= ' ')
            {
                i++;
            }
            var start = i;
            while (i < text.Length && text[i] > ' ' && text[i] is not ('=' or '"'))
            {
                i++;
            }
            var key = text[start..i];
            if (i >= text.Length || text[i] != '=')
            {
                if (key.Length > 0)
                {
                    yield return new(key, "");
                }
                i += key.Length == 0 ? 1 : 0;
                continue;
            }
            i++;
            var value = i < text.Length && text[i] == '"' ? Quoted(text, ref i) : Plain(text, ref i);
            if (key.Length > 0 && value is not null)
            {
                yield return new(key, value);
            }
        }
    }

    private static string Plain(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && text[i] > ' ')
        {
            i++;
        }
        return text[start..i];
    }

    /// <summary>Null where the closing quote is missing.</summary>
    private static string? Quoted(string text, ref int i)
    {
        var value = new StringBuilder();
        for (i++; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                i++;
                return value.ToString();
            }
            if (text[i] != '\\' || i + 1 >= text.Length)
            {
                value.Append(text[i]);
                continue;
            }
            i++;
            if (text[i] == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, null, out var unit))
            {
                value.Append((char)unit);
                i += 4;
                continue;
            }
            value.Append(text[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
        }
        return null;
    }
}
