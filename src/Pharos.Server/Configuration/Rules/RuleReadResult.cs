using Pharos.Alerting.Rules;

namespace Pharos.Server.Configuration.Rules;

/// <summary>What reading one rule file gave.</summary>
/// <param name="Groups">Empty where the file holds an error.</param>
internal sealed record RuleReadResult(IReadOnlyList<RuleGroupOptions> Groups, ConfigFileReport Report);
