namespace Pharos.Collection.Discovery.Docker;

/// <summary>A condition that the Docker engine applies to what it lists.</summary>
public sealed record DockerFilter(string Name, IReadOnlyList<string> Values)
{
    internal bool SameAs(DockerFilter other) => Name == other.Name && Values.SequenceEqual(other.Values, StringComparer.Ordinal);
}
