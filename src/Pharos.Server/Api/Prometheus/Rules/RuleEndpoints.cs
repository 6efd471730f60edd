using System.Text.Json;
using Pharos.Alerting.Rules;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Rules;

/// <summary><c>rules</c> and <c>alerts</c>.</summary>
internal sealed class RuleEndpoints(Func<ApiRequest, IReadOnlyList<RuleGroupSnapshot>> groups, SelectorParser parser)
{
    public void Map(ApiRoutes routes)
    {
        routes.MapGet("/rules", Rules);
        routes.MapGet("/alerts", Alerts);
    }

    private ApiReply Rules(ApiRequest request)
    {
        if (RuleFilter.Read(request.Parameters, parser, out var error) is not { } filter)
        {
            return ApiReply.Fail(error!);
        }
        if (RulePage.Of(Sorted(request), filter) is not { } page)
        {
            return ApiReply.Fail(ApiError.InvalidParameter(
                "group_next_token", $"invalid group_next_token '{filter.NextToken}'. were rule groups changed?"));
        }
        return ApiReply.Stream(async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteStartArray("groups");
            foreach (var (group, rules) in page.Groups)
            {
                WriteGroup(json, group, rules, filter.ExcludeAlerts);
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            if (page.NextToken.Length > 0)
            {
                json.WriteString("groupNextToken", page.NextToken);
            }
            json.WriteEndObject();
        });
    }

    private ApiReply Alerts(ApiRequest request)
    {
        var alerts = Sorted(request).SelectMany(group => group.Rules).SelectMany(rule => rule.Alerts);
        return ApiReply.Data(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("alerts");
            foreach (var alert in alerts)
            {
                WriteAlert(json, alert);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private IEnumerable<RuleGroupSnapshot> Sorted(ApiRequest request) => groups(request)
        .OrderBy(group => group.Options.File, StringComparer.Ordinal).ThenBy(group => group.Options.Name, StringComparer.Ordinal);

    private static void WriteGroup(Utf8JsonWriter json, RuleGroupSnapshot group, RuleSnapshot[] rules, bool excludeAlerts)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Options.Name);
        json.WriteString("file", group.Options.File);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            WriteRule(json, rule, group.Options.Labels, excludeAlerts);
        }
        json.WriteEndArray();
        json.WriteNumber("interval", group.Options.Interval.TotalSeconds);
        json.WriteNumber("limit", group.Options.Limit);
        json.WriteNumber("evaluationTime", group.EvaluationTimeSeconds);
        json.WriteString("lastEvaluation", JsonForms.Rfc3339(group.LastEvaluation));
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, RuleSnapshot rule, IReadOnlyList<Label> groupLabels, bool excludeAlerts)
    {
        var labels = LabelSet.From([.. groupLabels, .. rule.Options.Labels]);
        json.WriteStartObject();
        if (rule.Options is AlertingRuleOptions alerting)
        {
            json.WriteString("state", Name(rule.State));
            json.WriteString("name", alerting.Alert);
            json.WriteString("query", Canonical(rule.Options.Expr));
            json.WriteNumber("duration", alerting.For.TotalSeconds);
            json.WriteNumber("keepFiringFor", alerting.KeepFiringFor.TotalSeconds);
            JsonForms.WriteLabels(json, "labels", labels);
            JsonForms.WriteLabels(json, "annotations", LabelSet.From([.. alerting.Annotations]));
            WriteAlerts(json, excludeAlerts ? null : rule.Alerts);
        }
        else
        {
            json.WriteString("name", ((RecordingRuleOptions)rule.Options).Record);
            json.WriteString("query", Canonical(rule.Options.Expr));
            JsonForms.WriteLabels(json, "labels", labels);
        }
        json.WriteString("health", rule.Health);
        if (rule.LastError.Length > 0)
        {
            json.WriteString("lastError", rule.LastError);
        }
        json.WriteNumber("evaluationTime", rule.EvaluationTimeSeconds);
        json.WriteString("lastEvaluation", JsonForms.Rfc3339(rule.LastEvaluation));
        json.WriteString("type", rule.Options is AlertingRuleOptions ? "alerting" : "recording");
        json.WriteEndObject();
    }

    private static void WriteAlerts(Utf8JsonWriter json, IReadOnlyList<RuleAlertSnapshot>? alerts)
    {
        json.WritePropertyName("alerts");
        if (alerts is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        foreach (var alert in alerts)
        {
            WriteAlert(json, alert);
        }
        json.WriteEndArray();
    }

    private static void WriteAlert(Utf8JsonWriter json, RuleAlertSnapshot alert)
    {
        json.WriteStartObject();
        JsonForms.WriteLabels(json, "labels", alert.Labels);
        JsonForms.WriteLabels(json, "annotations", alert.Annotations);
        json.WriteString("state", Name(alert.State));
        json.WriteString("activeAt", JsonForms.Rfc3339(alert.ActiveAt));
        if (alert.KeepFiringSince is { } since)
        {
            json.WriteString("keepFiringSince", JsonForms.Rfc3339(since));
        }
        // Prometheus prints this one value with an exponent always: 1e+00.
        json.WriteString("value", ExponentForm.Write(alert.Value));
        json.WriteEndObject();
    }

    /// <summary>The expression as Prometheus prints it; it has been parsed before, so it parses.</summary>
    private static string Canonical(string expr)
    {
        try
        {
            return PromParser.Parse(expr).ToString();
        }
        catch (PromParseException)
        {
            return expr;
        }
    }

    private static string Name(RuleAlertState state) => state.ToString().ToLowerInvariant();
}
