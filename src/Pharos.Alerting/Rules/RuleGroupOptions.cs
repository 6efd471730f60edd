using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>Rules that are evaluated together, one after the other, each time <see cref="Interval"/> has passed.</summary>
/// <remarks>Identity is the pair of file and name.</remarks>
public sealed record RuleGroupOptions
{
    public required string File { get; init; }

    public required string Name { get; init; }

    /// <summary>Greater than zero; the reader of the file has put the global evaluation interval where none was written.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The most elements that one rule may produce; 0 is no limit.</summary>
    public int Limit { get; init; }

    /// <summary>How far in the past the rules look: the evaluation's time minus this.</summary>
    public TimeSpan QueryOffset { get; init; }

    /// <summary>Labels for every rule of the group; a rule's own label of the same name wins.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];

    /// <summary>Whose logs the rules ask, in LogQL; null for rules on metrics.</summary>
    public string? LogTenant { get; init; }

    /// <summary>Of the server that the rules were written for: added to recorded series, and to alerts that are sent on, where they lack
    /// them; for alerts they come before those of <see cref="RuleEngineOptions"/>.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    public IReadOnlyList<RuleOptions> Rules { get; init; } = [];
}
