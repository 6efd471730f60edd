namespace Pharos.Collection.Discovery.Aws;

/// <summary>Keeps instances for which one of the values holds; EC2 evaluates it.</summary>
public sealed record Ec2Filter(string Name, IReadOnlyList<string> Values)
{
    internal bool SameAs(Ec2Filter other) => Name == other.Name && Values.SequenceEqual(other.Values, StringComparer.Ordinal);
}
