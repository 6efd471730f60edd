using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>A kind of integration that a receiver may have.</summary>
/// <param name="Name">The key without <c>_configs</c>.</param>
/// <param name="Read">Reads one entry: its keys, the global section, and the entry's <c>http_config</c> or else the global
/// one. The caller has read <c>http_config</c> already and reports unknown keys afterwards.</param>
internal sealed record IntegrationKind(string Name, Func<YamlMappingReader, AlertmanagerGlobal, HttpClientConfig, IntegrationConfig> Read)
{
    /// <summary>Whether it has an <c>http_config</c>.</summary>
    public bool IsHttp { get; init; } = true;
}
