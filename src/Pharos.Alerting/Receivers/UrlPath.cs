using Pharos.Query.Templates.Execution;

namespace Pharos.Alerting.Receivers;

/// <summary>Puts paths and parameters onto the addresses of services as Go's <c>net/url</c> does.</summary>
internal static class UrlPath
{
    /// <summary>The address with more of a path, which goes before a query that the address has.</summary>
    public static string Append(string url, string path)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? url + path : url[..end] + path + url[end..];
    }

    /// <summary>The address with one more parameter, all of them in the order of their names.</summary>
    public static string WithParameter(string url, string name, string value)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var parameters = query < 0 ? [] : url[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        return (query < 0 ? url : url[..query]) + "?" + string.Join('&', parameters
            .Append($"{GoEscape.Query(name)}={GoEscape.Query(value)}").OrderBy(static pair => pair.Split('=')[0], StringComparer.Ordinal));
    }

    /// <summary>What stands between two slashes, or several of them.</summary>
    public static string Escape(string path) =>
        GoEscape.Percent(path, static c => char.IsAsciiLetterOrDigit(c) || "-_.~$&+,/:;=@".Contains(c, StringComparison.Ordinal));
}
