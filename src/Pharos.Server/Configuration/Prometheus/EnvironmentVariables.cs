using System.Text;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Replaces <c>$NAME</c> and <c>${NAME}</c> as Go's <c>os.Expand</c> does; <c>$$</c> is a dollar.</summary>
internal static class EnvironmentVariables
{
    public static string Expand(string text, Func<string, string?> variable)
    {
        var expanded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                expanded.Append(text[i]);
                continue;
            }
            var (name, length) = Name(text.AsSpan(i + 1));
            if (length > 0)
            {
                expanded.Append(name == "$" ? "$" : name.Length == 0 ? "" : variable(name));
            }
            else
            {
                expanded.Append('$');
            }
            i += length;
        }
        return expanded.ToString();
    }

    /// <summary>The name behind a dollar and how many characters it takes; bad syntax is swallowed as Go swallows it.</summary>
    private static (string Name, int Length) Name(ReadOnlySpan<char> text)
    {
        if (text[0] == '{')
        {
            var end = text.IndexOf('}');
            return end switch
            {
                < 0 => ("", 1),
                1 => ("", 2),
                _ => (text[1..end].ToString(), end + 1),
            };
        }
        if (text[0] is '*' or '#' or '$' or '@' or '!' or '?' or '-' || char.IsAsciiDigit(text[0]))
        {
            return (text[..1].ToString(), 1);
        }
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
        {
            length++;
        }
        return (text[..length].ToString(), length);
    }
}
