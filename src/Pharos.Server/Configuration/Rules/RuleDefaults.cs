using Pharos.Server.Configuration.Prometheus;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Rules;

/// <summary>What rule groups take from <c>prometheus.yml</c> where they say nothing themselves.</summary>
internal sealed record RuleDefaults(TimeSpan EvaluationInterval, TimeSpan QueryOffset, bool LegacyNames)
{
    /// <summary>Whose logs the rules ask, in LogQL; null for rules on metrics.</summary>
    public string? LogTenant { get; init; }

    /// <summary>See <see cref="Pharos.Alerting.Rules.RuleGroupOptions.ExternalLabels"/>.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    public static RuleDefaults From(GlobalConfig global) =>
        new(global.EvaluationInterval, global.RuleQueryOffset, global.LegacyNames);
}
