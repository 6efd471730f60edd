using System.Security.Cryptography;
using System.Text;
using Pharos.Alerting.Rules;

namespace Pharos.Server.Api.Prometheus.Rules;

/// <summary>One page of the groups that a filter leaves; a group all of whose rules are filtered out is not shown.</summary>
/// <param name="NextToken">Where the next page begins; empty on the last one.</param>
internal sealed record RulePage(IReadOnlyList<(RuleGroupSnapshot Group, RuleSnapshot[] Rules)> Groups, string NextToken)
{
    /// <returns>Null where the filter's token names no group.</returns>
    public static RulePage? Of(IEnumerable<RuleGroupSnapshot> groups, RuleFilter filter)
    {
        var page = new List<(RuleGroupSnapshot, RuleSnapshot[])>();
        var begun = filter.NextToken.Length == 0;
        foreach (var group in groups)
        {
            begun = begun || TokenOf(group) == filter.NextToken;
            if (!begun || !filter.WantsGroup(group))
            {
                continue;
            }
            var rules = group.Rules.Where(rule => filter.WantsRule(group, rule)).ToArray();
            if (rules.Length == 0)
            {
                continue;
            }
            if (page.Count == filter.GroupLimit)
            {
                return new RulePage(page, TokenOf(group));
            }
            page.Add((group, rules));
        }
        return begun ? new RulePage(page, "") : null;
    }

    /// <summary>Names the group that a page begins with, as long as the group exists.</summary>
    private static string TokenOf(RuleGroupSnapshot group) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{group.Options.File};{group.Options.Name}")));
}
