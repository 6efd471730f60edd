using System.Text.Json;

namespace Pharos.Alerting.Rules;

/// <summary>Tells whether a reload changed a group: two groups are the same when their texts are.</summary>
internal static class RuleGroupSignature
{
    public static string Of(RuleGroupOptions group) => JsonSerializer.Serialize(new object[]
    {
        group.File, group.Name, group.Interval, group.Limit, group.QueryOffset, group.Labels, group.LogTenant ?? "",
        group.ExternalLabels.ToString(),
        group.Rules.Select(Of).ToArray(),
    });

    private static object[] Of(RuleOptions rule) => rule switch
    {
        AlertingRuleOptions alert => ["alert", alert.Alert, alert.Expr, alert.For, alert.KeepFiringFor, alert.Labels, alert.Annotations],
        RecordingRuleOptions record => ["record", record.Record, record.Expr, record.Labels],
        _ => [rule.Expr, rule.Labels],
    };
}
