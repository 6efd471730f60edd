using System.Text.RegularExpressions;

namespace Pharos.Collection.Relabeling;

/// <summary>The rules that a relabel rule must keep before it may run; the messages are Prometheus'.</summary>
internal static partial class RelabelRuleCheck
{
    public static string? FirstFault(RelabelRule rule)
    {
        var action = rule.ActionName;
        if (rule.Modulus == 0 && rule.Action == RelabelAction.HashMod)
        {
            return "relabel configuration for hashmod requires non-zero modulus";
        }
        if (NeedsTarget(rule.Action) && rule.TargetLabel.Length == 0)
        {
            return $"relabel configuration for {action} action requires 'target_label' value";
        }
        if (NeedsTarget(rule.Action) && !IsValidTarget(rule))
        {
            return $"\"{rule.TargetLabel}\" is invalid 'target_label' for {action} action";
        }
        if (rule.Action is RelabelAction.Lowercase or RelabelAction.Uppercase or RelabelAction.KeepEqual
            or RelabelAction.DropEqual && rule.Replacement != RelabelRule.DefaultReplacement)
        {
            return $"'replacement' can not be set for {action} action";
        }
        if (rule.Action == RelabelAction.LabelMap && !IsValidTemplate(rule, rule.Replacement))
        {
            return $"\"{rule.Replacement}\" is invalid 'replacement' for {action} action";
        }
        return SuperfluousFields(rule, action);
    }

    private static string? SuperfluousFields(RelabelRule rule, string action)
    {
        var common = rule.Modulus != 0 || rule.Separator != RelabelRule.DefaultSeparator
            || rule.Replacement != RelabelRule.DefaultReplacement;
        return rule.Action switch
        {
            RelabelAction.DropEqual or RelabelAction.KeepEqual when common || !rule.HasDefaultRegex =>
                $"{action} action requires only 'source_labels' and `target_label`, and no other fields",
            RelabelAction.LabelDrop or RelabelAction.LabelKeep
                when common || rule.SourceLabels.Count > 0 || rule.TargetLabel.Length > 0 =>
                $"{action} action requires only 'regex', and no other fields",
            _ => null,
        };
    }

    private static bool NeedsTarget(RelabelAction action) => action is RelabelAction.Replace or RelabelAction.KeepEqual
        or RelabelAction.DropEqual or RelabelAction.HashMod or RelabelAction.Lowercase or RelabelAction.Uppercase;

    private static bool IsValidTarget(RelabelRule rule) =>
        rule.Action == RelabelAction.Replace && rule.TargetLabel.Contains('$')
            ? IsValidTemplate(rule, rule.TargetLabel)
            : rule.IsValidName(rule.TargetLabel);

    /// <summary>A dollar and braces are ordinary characters of a UTF-8 name, so only legacy names look closer.</summary>
    private static bool IsValidTemplate(RelabelRule rule, string template) =>
        rule.LegacyNames ? LegacyTemplate().IsMatch(template) : rule.IsValidName(template);

    // Prometheus, model/relabel: the target label of a legacy rule, "$1" and "${1}" allowed inside.
    [GeneratedRegex(@"^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$", RegexOptions.NonBacktracking)]
    private static partial Regex LegacyTemplate();
}
