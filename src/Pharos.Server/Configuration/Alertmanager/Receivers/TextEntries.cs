using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads mappings of names of the user's choice to templates.</summary>
internal static class TextEntries
{
    public static IReadOnlyDictionary<string, string> Read(YamlMappingReader map, string key)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in map.Entries(key))
        {
            entries[name] = value.AsText() ?? "";
        }
        return entries;
    }
}
