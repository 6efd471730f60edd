using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>What recording and alerting rules have in common.</summary>
public abstract record RuleOptions
{
    /// <summary>The expression, in PromQL or in LogQL as the group says, already known to parse; canonical form where the reader of the file has one.</summary>
    public required string Expr { get; init; }

    /// <summary>The rule's own labels; an empty value removes the label from the result.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];
}
