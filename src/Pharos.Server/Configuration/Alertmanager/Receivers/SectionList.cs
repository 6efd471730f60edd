using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads a list of mappings inside an integration: fields, actions, attachments.</summary>
internal static class SectionList
{
    public static List<T> Read<T>(YamlMappingReader map, string key, Func<YamlMappingReader, T> read)
    {
        var items = new List<T>();
        foreach (var item in map.List(key))
        {
            if (item.AsMapping() is { } section)
            {
                items.Add(read(section));
                section.Done();
            }
        }
        return items;
    }
}
