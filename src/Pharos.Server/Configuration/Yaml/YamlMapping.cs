namespace Pharos.Server.Configuration.Yaml;

/// <summary>Keys with their values in the order of the file, merge keys resolved, each key once.</summary>
internal sealed class YamlMapping(IReadOnlyList<YamlEntry> entries, int line, int column) : YamlNode(line, column)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public override string Kind => "a mapping";

    public YamlEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (string.Equals(entry.Key.Text, key, StringComparison.Ordinal))
            {
                return entry;
            }
        }
        return null;
    }
}
