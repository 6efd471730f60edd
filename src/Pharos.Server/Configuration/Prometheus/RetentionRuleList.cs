using Pharos.Query.PromQL.Syntax;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads the rules of <c>storage.tsdb.retention</c>: <c>[{match: '{env="dev"}', time: 3d}]</c>.</summary>
internal static class RetentionRuleList
{
    public static IReadOnlyList<RetentionRule> Read(YamlValue list)
    {
        list.Report(ConfigSeverity.Information, ConfigProblemKind.Extension, "Prometheus knows no retention by selector; it is honoured here");
        return [.. list.AsList().Select(ReadRule).OfType<RetentionRule>()];
    }

    /// <summary>The value of <c>match</c>: a selector, <c>{}</c> for every series; null where it is none, which is then reported.</summary>
    public static IReadOnlyList<LabelMatcher>? ReadMatch(YamlMappingReader section)
    {
        if (section.Find("match") is not { } value)
        {
            section.ErrorAt("match", "'match' is missing: a selector such as '{env=\"dev\"}'");
            return null;
        }
        if (value.AsText() is not { } text)
        {
            return null;
        }
        try
        {
            return PromParser.ParseMetricSelector(text);
        }
        catch (PromParseException exception)
        {
            value.Error($"{YamlValue.Echo(text)} is not a selector: {exception.Message}");
            return null;
        }
    }

    private static RetentionRule? ReadRule(YamlValue item)
    {
        if (item.AsMapping() is not { } section)
        {
            return null;
        }
        var matchers = ReadMatch(section);
        var time = section.OptionalDuration("time");
        section.ErrorUnless(section.Has("time") && time is null or { Ticks: > 0 }, "time", "'time' must be a duration of more than zero, such as 3d");
        section.Done();
        return matchers is not null && time > TimeSpan.Zero ? new RetentionRule(matchers, time.Value) : null;
    }
}
