using Pharos.Query.PromQL.Syntax;

namespace Pharos.Alerting.Rules;

/// <summary>What a rule asks: of metrics, in PromQL, or of logs, in LogQL.</summary>
/// <param name="Text">As the rule has it.</param>
/// <param name="Metrics">Null for LogQL, which whoever answers it reads himself.</param>
internal sealed record RuleExpression(string Text, Expr? Metrics)
{
    /// <exception cref="PromParseException">It is no PromQL where it should be.</exception>
    public static RuleExpression Of(string text, bool isLogs) => new(text, isLogs ? null : PromParser.Parse(text));

    public override string ToString() => Metrics?.ToString() ?? Text;
}
