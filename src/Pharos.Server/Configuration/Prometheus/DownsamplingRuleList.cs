using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Metrics.Downsampling;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>storage.tsdb.downsampling</c>: <c>[{match: '{}', after: 7d, interval: 5m, keep: 400d}]</c>.</summary>
internal static class DownsamplingRuleList
{
    public static IReadOnlyList<DownsamplingRule> Read(YamlValue list)
    {
        list.Report(ConfigSeverity.Information, ConfigProblemKind.Extension, "Prometheus knows no downsampling; it is honoured here");
        var rules = new List<DownsamplingRule>();
        foreach (var item in list.AsList())
        {
            if (item.AsMapping() is { } section && ReadRule(section) is { } rule)
            {
                if (rules.Exists(known => known.Interval == rule.Interval))
                {
                    section.ErrorAt("interval", "another rule has this interval; give both selectors to one, as {env=~\"a|b\"}");
                }
                rules.Add(rule);
            }
        }
        return rules;
    }

    private static DownsamplingRule? ReadRule(YamlMappingReader section)
    {
        var matchers = RetentionRuleList.ReadMatch(section);
        var after = ReadDuration(section, "after", "7d");
        var interval = ReadDuration(section, "interval", "5m");
        var keep = section.Has("keep") ? ReadDuration(section, "keep", "400d") : null;
        section.Done();
        return matchers is not null && after is not null && interval is not null ? new DownsamplingRule(matchers, after.Value, interval.Value)
        {
            Keep = keep,
        } : null;
    }

    private static TimeSpan? ReadDuration(YamlMappingReader section, string key, string example)
    {
        var time = section.OptionalDuration(key);
        section.ErrorUnless(section.Has(key) && time is null or { Ticks: > 0 }, key, $"'{key}' must be a duration of more than zero, such as {example}");
        return time > TimeSpan.Zero ? time : null;
    }
}
