using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Relabeling;

/// <summary>One relabel rule with Prometheus' defaults; compared by what it says, not by identity.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class RelabelRule : IEquatable<RelabelRule>
{
    public const string DefaultSeparator = ";";
    public const string DefaultReplacement = "$1";
    public const string DefaultPattern = "(.*)";

    private static readonly GoRegex DefaultRegex = GoRegex.Anchored(DefaultPattern);

    public IReadOnlyList<string> SourceLabels { get; init; } = [];

    public string Separator { get; init; } = DefaultSeparator;

    /// <summary>Fully anchored: made with <see cref="GoRegex.Anchored"/>.</summary>
    public GoRegex Regex { get; init; } = DefaultRegex;

    /// <summary>Used by <see cref="RelabelAction.HashMod"/> only, which refuses zero.</summary>
    public ulong Modulus { get; init; }

    public string TargetLabel { get; init; } = "";

    public string Replacement { get; init; } = DefaultReplacement;

    public RelabelAction Action { get; init; } = RelabelAction.Replace;

    /// <summary>Names follow the rules from before Prometheus 3 (<c>metric_name_validation_scheme: legacy</c>).</summary>
    public bool LegacyNames { get; init; }

    internal bool HasDefaultRegex => Regex.Pattern == DefaultPattern;

    /// <summary>The action as files and messages write it.</summary>
    internal string ActionName => Action.ToString().ToLowerInvariant();

    /// <summary>Whether the rule can be applied.</summary>
    /// <returns>Null for a good rule, otherwise the first thing that is wrong, in Prometheus' words.</returns>
    public string? Validate() => RelabelRuleCheck.FirstFault(this);

    public bool Equals(RelabelRule? other) =>
        other is not null && Action == other.Action && Modulus == other.Modulus && LegacyNames == other.LegacyNames &&
        Separator == other.Separator && TargetLabel == other.TargetLabel && Replacement == other.Replacement &&
        Regex.Pattern == other.Regex.Pattern && SourceLabels.SequenceEqual(other.SourceLabels, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as RelabelRule);

    public override int GetHashCode() => HashCode.Combine(Action, TargetLabel, Regex.Pattern, Replacement);

    internal bool IsValidName(string name) =>
        LegacyNames ? MetricNames.IsLegacyValidLabel(name) : name.Length > 0 && Utf8Names.IsWellFormed(name);
}
