using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Outbound;

/// <summary>Makes the client of a command-line tool, as promtool's <c>--http.config.file</c> says.</summary>
public static class ToolHttpClient
{
    /// <summary>The caller owns and disposes it, and bounds each request.</summary>
    /// <param name="httpConfigFile">A file that holds the keys of <c>http_config</c>; null for none.</param>
    /// <exception cref="FormatException">The file cannot be read or is wrong.</exception>
    public static HttpClient Create(string? httpConfigFile)
    {
        if (httpConfigFile is null)
        {
            return OutboundHttpClient.Create(HttpClientConfig.Default);
        }
        if (!ConfigText.TryRead(httpConfigFile, out var text, out var error))
        {
            throw new FormatException($"Failed to load HTTP config file: open {httpConfigFile}: {error}");
        }
        var reading = new ConfigReading(httpConfigFile, text);
        var config = YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root) is { IsNull: false } value
            ? HttpClientSection.Read(value) : HttpClientConfig.Default;
        if (reading.Problems.FirstOrDefault(static problem => problem.Severity == ConfigSeverity.Error) is { } problem)
        {
            throw new FormatException($"Failed to load HTTP config file: {problem}");
        }
        return OutboundHttpClient.Create(config);
    }
}
