using Pharos.Alerting.Rules;
using Pharos.Storage.Model;

namespace Pharos.Server.Checks.Rules;

/// <summary>Rules with one name and the same labels, which overwrite each other's series.</summary>
internal static class DuplicateRules
{
    /// <summary>Each name and label set that more than one rule has, sorted.</summary>
    public static IReadOnlyList<(string Name, LabelSet Labels)> Find(IEnumerable<RuleGroupOptions> groups) =>
    [
        .. groups.SelectMany(static group => group.Rules.Select(rule => (Name: NameOf(rule), Labels: LabelsOf(group, rule))))
            .GroupBy(static rule => rule).Where(static same => same.Count() > 1).Select(static same => same.Key)
            .OrderBy(static rule => rule.Name, StringComparer.Ordinal).ThenBy(static rule => rule.Labels),
    ];

    private static string NameOf(RuleOptions rule) =>
        rule is RecordingRuleOptions recording ? recording.Record : ((AlertingRuleOptions)rule).Alert;

    private static LabelSet LabelsOf(RuleGroupOptions group, RuleOptions rule)
    {
        var labels = new LabelSetBuilder();
        foreach (var label in group.Labels.Concat(rule.Labels))
        {
            labels.Set(label.Name, label.Value);
        }
        return labels.Build();
    }
}
