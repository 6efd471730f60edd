namespace Pharos.Server.Configuration.Yaml;

/// <summary>A value of a YAML document with the place where it stands; lines and columns count from 1.</summary>
/// <remarks>Immutable once built. An alias shares its anchor's node, so a document is a graph without cycles.</remarks>
internal abstract class YamlNode(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>What messages call it.</summary>
    public abstract string Kind { get; }
}
