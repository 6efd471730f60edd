using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>A rule that raises one alert for each element of its result.</summary>
public sealed record AlertingRuleOptions : RuleOptions
{
    public required string Alert { get; init; }

    /// <summary>How long an element must stay in the result before its alert fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long an alert goes on firing after its element has left the result.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>Templates, like the values of the labels.</summary>
    public IReadOnlyList<Label> Annotations { get; init; } = [];
}
