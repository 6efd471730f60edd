using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads the file of <c>runtime_config</c>: <c>overrides: {tenant: {limit: value}}</c>.</summary>
internal static class LokiRuntimeFile
{
    /// <returns>The limits of the tenants that have their own; null where the file has errors, which the report tells.</returns>
    public static (IReadOnlyDictionary<string, LokiLimits>? Overrides, ConfigFileReport Report) Read(string path, LokiLimits defaults)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            return (null, new ConfigFileReport { File = path, Kind = ConfigFileKind.Loki, Unreadable = error });
        }
        var reading = new ConfigReading(path, text);
        var overrides = new Dictionary<string, LokiLimits>(StringComparer.Ordinal);
        if (YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root) is { IsNull: false } value
            && value.AsMapping() is { } file)
        {
            foreach (var (tenant, limits) in file.Entries("overrides"))
            {
                if (!limits.IsNull && limits.AsMapping() is { } section)
                {
                    overrides[tenant] = LimitsSection.Read(section, defaults);
                }
            }
            file.Ignore("there is one store", "multi_kv_config", "configs", "ingester_limits", "ingester_stream_sharding");
            file.Done();
        }
        return (reading.HasErrors ? null : overrides, ConfigFileReport.Of(reading, ConfigFileKind.Loki));
    }
}
