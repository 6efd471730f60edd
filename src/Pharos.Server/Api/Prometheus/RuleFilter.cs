using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pharos.Alerting.Rules;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus;

/// <summary>Which groups and rules a caller of <c>rules</c> wants to see, and which page of them.</summary>
internal sealed record RuleFilter
{
    private IReadOnlyList<string> Names { get; init; } = [];

    private IReadOnlyList<string> GroupNames { get; init; } = [];

    private IReadOnlyList<string> Files { get; init; } = [];

    private IReadOnlyList<IReadOnlyList<LabelMatcher>> Selectors { get; init; } = [];

    /// <summary><c>alert</c>, <c>record</c> or empty for both.</summary>
    private string Type { get; init; } = "";

    private int GroupLimit { get; init; }

    private string NextToken { get; init; } = "";

    public bool ExcludeAlerts { get; private init; }

    /// <summary>Groups whose rules are all filtered out are then left out too.</summary>
    public bool ChoosesRules => Names.Count > 0 || Selectors.Count > 0 || Type.Length > 0;

    public static RuleFilter? Read(ParameterReader parameters, SelectorParser parser, out ApiError? error)
    {
        error = null;
        var type = parameters.Text("type").ToLowerInvariant();
        if (type is not ("" or "alert" or "record"))
        {
            error = ApiError.InvalidParameter("type", $"not supported value {GoQuote.Quote(type)}");
            return null;
        }
        var selectors = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in parameters.All("match[]"))
        {
            if (parser(text, out var reason) is not { } matchers)
            {
                error = ApiError.InvalidParameter("match[]", reason);
                return null;
            }
            selectors.Add(matchers);
        }
        var limit = 0;
        var limitText = parameters.Text("group_limit");
        if (limitText.Length > 0 && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit == 0))
        {
            error = ApiError.InvalidParameter("group_limit", $"group_limit needs to be a positive number, got {GoQuote.Quote(limitText)}");
            return null;
        }
        if (parameters.Text("group_next_token").Length > 0 && limit == 0)
        {
            error = ApiError.InvalidParameter("group_limit", "group_limit needs to be specified with group_next_token");
            return null;
        }
        return new RuleFilter
        {
            Type = type,
            Names = parameters.All("rule_name[]"),
            GroupNames = parameters.All("rule_group[]"),
            Files = parameters.All("file[]"),
            Selectors = selectors,
            GroupLimit = limit,
            NextToken = parameters.Text("group_next_token"),
            ExcludeAlerts = parameters.Text("exclude_alerts") is "true" or "1" or "t" or "T" or "TRUE" or "True",
        };
    }

    public bool WantsGroup(RuleGroupSnapshot group) =>
        (GroupNames.Count == 0 || GroupNames.Contains(group.Options.Name, StringComparer.Ordinal))
        && (Files.Count == 0 || Files.Contains(group.Options.File, StringComparer.Ordinal));

    public bool WantsRule(RuleSnapshot rule)
    {
        var (name, type) = rule.Options is AlertingRuleOptions alerting
            ? (alerting.Alert, "alert") : (((RecordingRuleOptions)rule.Options).Record, "record");
        if ((Type.Length > 0 && Type != type) || (Names.Count > 0 && !Names.Contains(name, StringComparer.Ordinal)))
        {
            return false;
        }
        if (Selectors.Count == 0)
        {
            return true;
        }
        var labels = LabelSet.From([.. rule.Options.Labels]);
        return Selectors.Any(selector => selector.All(matcher => matcher.Matches(labels[matcher.Name])));
    }

    /// <summary>How many groups after the first <paramref name="skip"/> are on the page; negative for a token that fits none.</summary>
    public int Page(IReadOnlyList<RuleGroupSnapshot> groups, out int skip, out string nextToken)
    {
        skip = 0;
        nextToken = "";
        if (GroupLimit == 0)
        {
            return groups.Count;
        }
        if (NextToken.Length > 0)
        {
            var at = groups.ToList().FindIndex(group => TokenOf(group) == NextToken);
            if (at < 0)
            {
                return -1;
            }
            skip = at;
        }
        if (skip + GroupLimit < groups.Count)
        {
            nextToken = TokenOf(groups[skip + GroupLimit]);
        }
        return GroupLimit;
    }

    /// <summary>Names the group that a page begins with, as long as the group exists.</summary>
    private static string TokenOf(RuleGroupSnapshot group) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{group.Options.File};{group.Options.Name}")));
}
