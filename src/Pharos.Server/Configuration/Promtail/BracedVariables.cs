using System.Text;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>Replaces <c>${NAME}</c> and <c>${NAME:-default}</c> by the environment; a dollar without braces, as in <c>$1</c>, stays.</summary>
internal static class BracedVariables
{
    public static string Expand(string text, Func<string, string?> variable)
    {
        var expanded = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                break;
            }
            expanded.Append(text, at, start - at);
            var inside = text.AsSpan(start + 2, end - start - 2);
            var colon = inside.IndexOf(':');
            var name = (colon < 0 ? inside : inside[..colon]).ToString();
            var value = variable(name);
            if (string.IsNullOrEmpty(value) && colon >= 0)
            {
                var otherwise = inside[(colon + 1)..];
                value = (otherwise.Length > 0 && otherwise[0] is '-' or '=' ? otherwise[1..] : otherwise).ToString();
            }
            expanded.Append(value);
            at = end + 1;
        }
        return expanded.Append(text, at, text.Length - at).ToString();
    }
}
