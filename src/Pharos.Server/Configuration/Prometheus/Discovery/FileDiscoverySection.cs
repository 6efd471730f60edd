using Pharos.Collection.Discovery;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>file_sd_configs</c>.</summary>
internal static class FileDiscoverySection
{
    public static FileDiscoveryOptions Read(YamlMappingReader map)
    {
        var patterns = new List<string>();
        var files = map.List("files");
        if (files.Count == 0)
        {
            map.Owner.Error("file service discovery config must contain at least one path name");
        }
        foreach (var item in files)
        {
            if (item.AsText() is not { } pattern)
            {
                continue;
            }
            if (IsValid(pattern))
            {
                patterns.Add(map.Reading.Resolve(pattern));
            }
            else
            {
                item.Error($"path name {YamlValue.Echo(pattern)} is not valid for file discovery");
            }
        }
        var refresh = map.Duration("refresh_interval");
        return new FileDiscoveryOptions(patterns,
            refresh > TimeSpan.Zero ? refresh : FileDiscoveryOptions.DefaultRefreshInterval);
    }

    /// <summary>A wildcard may stand in the last segment only, and the name ends in .json, .yml or .yaml.</summary>
    private static bool IsValid(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var extension = Path.GetExtension(pattern);
        return extension is ".json" or ".yml" or ".yaml" or ".JSON" or ".YML" or ".YAML" &&
            (star < 0 || pattern.IndexOf('/', star) < 0);
    }
}
