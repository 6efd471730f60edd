namespace Pharos.Alerting.Rules;

/// <summary>A rule as its last evaluation left it.</summary>
public sealed record RuleSnapshot
{
    public required RuleOptions Options { get; init; }

    /// <summary><c>unknown</c>, <c>ok</c> or <c>err</c>.</summary>
    public string Health { get; init; } = "unknown";

    public string LastError { get; init; } = "";

    /// <summary>Null before the first evaluation.</summary>
    public DateTimeOffset? LastEvaluation { get; init; }

    public double EvaluationTimeSeconds { get; init; }

    /// <summary>The gravest state among <see cref="Alerts"/>.</summary>
    public RuleAlertState State { get; init; }

    public IReadOnlyList<RuleAlertSnapshot> Alerts { get; init; } = [];
}
