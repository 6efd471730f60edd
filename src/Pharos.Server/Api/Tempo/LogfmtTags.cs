using Pharos.Storage.Text;

namespace Pharos.Server.Api.Tempo;

/// <summary>Reads tags as a query has them: <c>service.name=a http.url="b c"</c>.</summary>
internal static class LogfmtTags
{
    /// <exception cref="TempoRefusal">It is no logfmt.</exception>
    public static List<KeyValuePair<string, string>> Parse(string text)
    {
        var tags = new List<KeyValuePair<string, string>>();
        for (var at = 0; ;)
        {
            while (at < text.Length && text[at] <= ' ')
            {
                at++;
            }
            if (at >= text.Length)
            {
                return tags;
            }
            var start = at;
            while (at < text.Length && text[at] is > ' ' and not ('=' or '"'))
            {
                at++;
            }
            if (at == start || at >= text.Length || text[at] != '=')
            {
                throw TempoRefusal.BadRequest($"invalid tags: expected a key and a value at position {at + 1}");
            }
            var key = text[start..at++];
            tags.Add(KeyValuePair.Create(key, at < text.Length && text[at] == '"' ? Quoted(text, ref at) : Plain(text, ref at)));
        }
    }

    private static string Plain(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] > ' ')
        {
            at++;
        }
        return text[start..at];
    }

    private static string Quoted(string text, ref int at)
    {
        var start = at++;
        while (at < text.Length && text[at] != '"')
        {
            at += text[at] == '\\' ? 2 : 1;
        }
        at++;
        return at <= text.Length && GoQuote.TryUnquote(text.AsSpan(start, at - start), out var value) ? value
            : throw TempoRefusal.BadRequest("invalid tags: unterminated quoted value");
    }
}
