using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads the <c>headers</c> of remote write, remote read and tracing.</summary>
internal static class RemoteHeaders
{
    // github.com/prometheus/prometheus/config, reservedHeaders.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "Content-Encoding", "Content-Length", "Content-Type", "X-Prometheus-Remote-Write-Version",
        "User-Agent", "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Www-Authenticate",
        "X-Prometheus-Remote-Read-Version", "Accept-Encoding",
    };

    public static IReadOnlyList<KeyValuePair<string, Secret>> Read(YamlMappingReader section, string authorizationMessage)
    {
        var headers = new List<KeyValuePair<string, Secret>>();
        foreach (var (name, value) in section.Entries("headers", secret: true))
        {
            headers.Add(new(name, Secret.Inline(value.AsText() ?? "")));
            if (string.Equals(name, "Authorization", StringComparison.OrdinalIgnoreCase))
            {
                value.Error(authorizationMessage);
            }
            else if (Reserved.Contains(name))
            {
                value.Error($"{name} is a reserved header. It must not be changed");
            }
        }
        return headers;
    }
}
