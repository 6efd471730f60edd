namespace Pharos.Alerting.Rules;

/// <summary>A rule group as its last evaluation left it.</summary>
public sealed record RuleGroupSnapshot
{
    public required RuleGroupOptions Options { get; init; }

    public DateTimeOffset? LastEvaluation { get; init; }

    public double EvaluationTimeSeconds { get; init; }

    public IReadOnlyList<RuleSnapshot> Rules { get; init; } = [];
}
