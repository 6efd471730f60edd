using System.Globalization;
using Pharos.Alerting.Rules;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Rules;

/// <summary>Which groups and rules a caller of <c>rules</c> wants to see, and which page of them.</summary>
internal sealed record RuleFilter
{
    private IReadOnlyList<string> Names { get; init; } = [];

    private IReadOnlyList<string> GroupNames { get; init; } = [];

    private IReadOnlyList<string> Files { get; init; } = [];

    private IReadOnlyList<IReadOnlyList<LabelMatcher>> Selectors { get; init; } = [];

    /// <summary><c>alert</c>, <c>record</c> or empty for both.</summary>
    private string Type { get; init; } = "";

    /// <summary>How many groups a page holds; <see cref="int.MaxValue"/> where there are no pages.</summary>
    public int GroupLimit { get; private init; } = int.MaxValue;

    /// <summary>Names the group that the page begins with; empty for the first.</summary>
    public string NextToken { get; private init; } = "";

    public bool ExcludeAlerts { get; private init; }

    public static RuleFilter? Read(ParameterReader parameters, SelectorParser parser, out ApiError? error)
    {
        var selectors = SelectorList.Read(parameters, parser, out error);
        if (selectors is null)
        {
            return null;
        }
        var type = parameters.Text("type").ToLowerInvariant();
        if (type is not ("" or "alert" or "record"))
        {
            error = ApiError.InvalidParameter("type", $"not supported value {GoQuote.Quote(type)}");
            return null;
        }
        var exclude = parameters.Text("exclude_alerts").ToLowerInvariant();
        if (exclude.Length > 0 && ParameterReader.Flag(exclude) is null)
        {
            error = ApiError.InvalidParameter(
                "exclude_alerts", $"error converting exclude_alerts: strconv.ParseBool: parsing {GoQuote.Quote(exclude)}: invalid syntax");
            return null;
        }
        var limit = ReadLimit(parameters, out error);
        return error is not null ? null : new RuleFilter
        {
            Type = type,
            Names = parameters.All("rule_name[]"),
            GroupNames = parameters.All("rule_group[]"),
            Files = parameters.All("file[]"),
            Selectors = selectors,
            GroupLimit = limit,
            NextToken = parameters.Text("group_next_token"),
            ExcludeAlerts = exclude.Length > 0 && ParameterReader.Flag(exclude) is true,
        };
    }

    public bool WantsGroup(RuleGroupSnapshot group) =>
        (GroupNames.Count == 0 || GroupNames.Contains(group.Options.Name, StringComparer.Ordinal))
        && (Files.Count == 0 || Files.Contains(group.Options.File, StringComparer.Ordinal));

    public bool WantsRule(RuleGroupSnapshot group, RuleSnapshot rule)
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
        var labels = LabelSet.From([.. group.Options.Labels, .. rule.Options.Labels]);
        return Selectors.Any(selector => selector.All(matcher => matcher.Matches(labels[matcher.Name])));
    }

    private static int ReadLimit(ParameterReader parameters, out ApiError? error)
    {
        error = null;
        var text = parameters.Text("group_limit");
        if (text.Length == 0)
        {
            if (parameters.Text("group_next_token").Length > 0)
            {
                error = ApiError.InvalidParameter(
                    "group_next_token", "group_limit needs to be present in order to paginate over the groups");
            }
            return int.MaxValue;
        }
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
        {
            var fault = ParameterReader.TryParseWhole(text, out _, out var reason) || reason.EndsWith("range", StringComparison.Ordinal)
                ? "value out of range" : "invalid syntax";
            error = ApiError.InvalidParameter(
                "group_limit", $"group_limit needs to be a valid number: strconv.ParseInt: parsing {GoQuote.Quote(text)}: {fault}");
        }
        else if (limit <= 0)
        {
            error = ApiError.InvalidParameter("group_limit", "group_limit needs to be greater than 0");
        }
        return limit;
    }
}
