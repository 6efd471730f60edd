namespace Pharos.Alerting.Rules;

/// <summary>A rule whose result is stored as series of the name <see cref="Record"/>.</summary>
public sealed record RecordingRuleOptions : RuleOptions
{
    public required string Record { get; init; }
}
