using Pharos.Storage.Model;

namespace Pharos.Alerting.Inhibition;

/// <summary>While an alert matches the source side, alerts of the target side with equal <see cref="Equal"/> labels are muted.</summary>
public sealed record InhibitRuleOptions
{
    public string Name { get; init; } = "";

    public IReadOnlyList<LabelMatcher> SourceMatchers { get; init; } = [];

    public IReadOnlyList<LabelMatcher> TargetMatchers { get; init; } = [];

    /// <summary>Label names; a missing label equals an empty one.</summary>
    public IReadOnlyList<string> Equal { get; init; } = [];
}
