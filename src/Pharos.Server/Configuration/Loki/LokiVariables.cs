using System.Text;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Puts environment variables into a file's text: <c>${NAME}</c> and <c>${NAME:-otherwise}</c>, as Loki does with
/// <c>-config.expand-env</c>. Other dollars stay.</summary>
internal static class LokiVariables
{
    public static string Expand(string text, Func<string, string?> variable)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }
        var expanded = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf('}', start);
            var inner = end < 0 ? "" : text[(start + 2)..end];
            var colon = inner.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? inner : inner[..colon];
            var rest = colon < 0 ? "" : inner[colon..];
            if (!IsName(name) || rest is not ("" or [':', '-' or '=', ..]))
            {
                expanded.Append(text, at, start + 2 - at);
                at = start + 2;
                continue;
            }
            var value = variable(name);
            expanded.Append(text, at, start - at).Append(string.IsNullOrEmpty(value) && rest.Length > 0 ? rest[2..] : value);
            at = end + 1;
        }
        return expanded.Append(text, at, text.Length - at).ToString();
    }

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
