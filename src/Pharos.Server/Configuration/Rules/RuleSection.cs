using Pharos.Alerting.Rules;
using Pharos.Alerting.Templates;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Syntax;
using Pharos.Query.PromQL.Syntax;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Rules;

/// <summary>Reads one rule. The messages are those of Prometheus' rule format.</summary>
internal static class RuleSection
{
    public static RuleOptions? Read(YamlMappingReader map, RuleDefaults defaults)
    {
        var legacyNames = defaults.LegacyNames;
        var record = map.Text("record");
        var alert = map.Text("alert");
        var expr = ReadExpression(map, defaults.LogTenant is not null);
        var holdDuration = map.Duration("for");
        var keepFiring = map.Duration("keep_firing_for");
        var labels = RuleLabels.Read(map, "labels", "label", legacyNames);
        var annotations = RuleLabels.Read(map, "annotations", "annotation", legacyNames);
        map.ErrorUnless(record.Length == 0 || alert.Length == 0, "alert", "only one of 'record' and 'alert' must be set");
        map.ErrorUnless(record.Length > 0 || alert.Length > 0, "alert", "one of 'record' or 'alert' must be set");
        if (record.Length > 0)
        {
            CheckRecordingRule(map, record, legacyNames);
        }
        if (alert.Length > 0)
        {
            CheckTemplates(map, "labels", alert);
            CheckTemplates(map, "annotations", alert);
        }
        map.Done();
        if (expr is null)
        {
            return null;
        }
        return record.Length > 0
            ? new RecordingRuleOptions { Record = record, Expr = expr, Labels = labels }
            : new AlertingRuleOptions
            {
                Alert = alert,
                Expr = expr,
                Labels = labels,
                Annotations = annotations,
                For = holdDuration,
                KeepFiringFor = keepFiring,
            };
    }

    private static string? ReadExpression(YamlMappingReader map, bool isLogs)
    {
        if (map.Find("expr") is not { } value || value.AsText() is not { Length: > 0 } text)
        {
            map.ErrorUnless(map.Has("expr") && map.Find("expr")!.Node is not YamlScalar { Text: "" }, "expr",
                "field 'expr' must be set in rule");
            return null;
        }
        if (isLogs)
        {
            return ReadLogExpression(value, text);
        }
        try
        {
            return PromParser.Parse(text).ToString();
        }
        catch (PromParseException e)
        {
            foreach (var error in e.Errors)
            {
                value.ErrorAt(error.StartOffset, $"could not parse expression: {PromParseException.Format(text, error)}");
            }
            return null;
        }
    }

    private static string? ReadLogExpression(YamlValue value, string text)
    {
        try
        {
            if (LogParser.Parse(text) is MetricExpr)
            {
                return text;
            }
            value.Error("could not parse expression: a rule needs numbers, such as count_over_time({...}[5m])");
        }
        catch (LogParseException e)
        {
            value.Error($"could not parse expression: {e.Message}");
        }
        return null;
    }

    private static void CheckRecordingRule(YamlMappingReader map, string record, bool legacyNames)
    {
        foreach (var key in (ReadOnlySpan<string>)["annotations", "for", "keep_firing_for"])
        {
            map.ErrorUnless(!map.Has(key), key, $"invalid field '{key}' in recording rule");
        }
        if (legacyNames && !MetricNames.IsLegacyValid(record))
        {
            map.ErrorAt("record", $"invalid recording rule name: {record}");
        }
        else if (record.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            // A valid name since Prometheus 3, yet nobody means it.
            map.ErrorAt("record", $"braces present in the recording rule name; should it be in expr?: {record}");
        }
    }

    private static void CheckTemplates(YamlMappingReader map, string key, string alert)
    {
        foreach (var (name, value) in map.Entries(key))
        {
            if (value.Node is YamlScalar && value.AsText() is { } text &&
                RuleTemplate.Check($"__alert_{alert}", text) is { } error)
            {
                value.Error($"{key[..^1]} {YamlValue.Echo(name)}: {error}");
            }
        }
    }
}
