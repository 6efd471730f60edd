using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads the address of a service's API, which is no secret.</summary>
internal static class ApiUrl
{
    /// <returns>The address as it is written, or <paramref name="otherwise"/>.</returns>
    public static string Read(YamlMappingReader section, string key, string otherwise)
    {
        if (section.Find(key) is not { } value || value.AsText() is not { } text)
        {
            return otherwise;
        }
        if (Fault(text) is { } fault)
        {
            value.Error(fault);
        }
        return text;
    }

    /// <summary>The address with a slash at the end of its path, so that more of a path can follow.</summary>
    public static string AsFolder(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#') is var query and >= 0 ? query : url.Length;
        return end > 0 && url[end - 1] == '/' ? url : url.Insert(end, "/");
    }

    /// <summary>What is wrong with an address, without a piece of it; null where nothing is.</summary>
    public static string? Fault(string text)
    {
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        return colon < 0 || text[..colon].ToLowerInvariant() is not ("http" or "https") ? "unsupported scheme for URL: it must begin with http:// or https://"
            : text.Length == colon + 3 || text[colon + 3] is '/' or '?' or '#' ? "missing host for URL"
            : UrlText.Fault(text) ?? (Uri.TryCreate(text, UriKind.Absolute, out _) ? null : "this is no URL");
    }
}
