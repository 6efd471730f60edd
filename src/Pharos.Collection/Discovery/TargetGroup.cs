using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery;

/// <summary>Targets that one source of a discovery found together, with the labels they share.</summary>
/// <param name="Source">Tells the groups of one discovery apart: an index, or a file and an index.</param>
/// <param name="Targets">One label set per target; each holds at least <c>__address__</c>.</param>
/// <param name="Labels">Labels of every target of the group that does not carry its own.</param>
public sealed record TargetGroup(string Source, IReadOnlyList<LabelSet> Targets, LabelSet Labels)
{
    /// <summary>The label that holds the address a target is scraped at.</summary>
    public const string AddressLabel = "__address__";

    /// <summary>A group as <c>static_configs</c> and target files write it: a list of addresses, and labels.</summary>
    public static TargetGroup FromAddresses(string source, IEnumerable<string> addresses, LabelSet labels) =>
        new(source, [.. addresses.Select(address => LabelSet.From((AddressLabel, address)))], labels);

    internal bool SameAs(TargetGroup other) =>
        Source == other.Source && Labels == other.Labels && Targets.SequenceEqual(other.Targets);
}
