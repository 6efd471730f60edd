using System.Text;

namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>How a query writes the name of an attribute.</summary>
internal static class AttributeKey
{
    /// <summary>What ends a name that stands without quotes.</summary>
    public static bool IsLetter(char c) => !char.IsWhiteSpace(c)
        && c is not ('{' or '}' or '(' or ')' or '=' or '~' or '!' or '<' or '>' or '&' or '|' or '^' or ',');

    /// <summary>As it is where it can be read so, else in quotes.</summary>
    public static string Write(string key)
    {
        var plain = key.Length > 0 && !key.Contains('"', StringComparison.Ordinal) && !char.IsAsciiDigit(key[0]);
        foreach (var c in key)
        {
            plain &= IsLetter(c);
        }
        if (plain)
        {
            // A name that begins as a scope does is none.
            return key is "span" or "resource" || key.StartsWith("span.", StringComparison.Ordinal) || key.StartsWith("resource.", StringComparison.Ordinal)
                ? Quote(key) : key;
        }
        return Quote(key);
    }

    private static string Quote(string key)
    {
        var text = new StringBuilder("\"");
        foreach (var c in key)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\');
            }
            text.Append(c);
        }
        return text.Append('"').ToString();
    }
}
