using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Measuring;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads <c>metrics</c>.</summary>
internal static class MetricsSection
{
    private static readonly double[] DefaultBuckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    public static StageFactory? Read(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var metrics = new List<StageMetricOptions>();
        foreach (var (name, value) in map.AllEntries())
        {
            if (value.AsMapping() is { } one && ReadOne(name, one) is { } metric)
            {
                metrics.Add(metric);
            }
        }
        return context => new MetricsStage(metrics, context);
    }

    private static StageMetricOptions? ReadOne(string name, YamlMappingReader map)
    {
        var typeName = map.Text("type");
        if (!Enum.TryParse<StageMetricType>(typeName, ignoreCase: true, out var type) || !Enum.IsDefined(type))
        {
            map.ErrorAt("type", $"metric type must be one of 'counter', 'gauge', or 'histogram', not {YamlValue.Echo(typeName)}");
        }
        var prefix = map.Text("prefix") is { Length: > 0 } own ? own : "promtail_custom_";
        var idle = PromtailValues.Duration(map, "max_idle_duration") ?? TimeSpan.FromMinutes(5);
        map.ErrorUnless(idle >= TimeSpan.FromSeconds(1), "max_idle_duration", "max_idle_duration must be greater or equal than 1s");
        var metric = new StageMetricOptions
        {
            Name = prefix + name,
            Type = type,
            Description = map.Text("description"),
            Source = map.Text("source") is { Length: > 0 } source ? source : name,
            MaxIdle = idle,
        };
        if (!MetricNames.IsLegacyValid(metric.Name))
        {
            map.Owner.Error($"{YamlValue.Echo(metric.Name)} is not a valid metric name");
        }
        metric = map.Mapping("config") is { } config ? ReadConfig(config, metric) : metric;
        map.Done();
        return metric;
    }

    private static StageMetricOptions ReadConfig(YamlMappingReader map, StageMetricOptions metric)
    {
        var actionName = map.Text("action");
        var isHistogram = metric.Type == StageMetricType.Histogram;
        if ((!Enum.TryParse<StageMetricAction>(actionName, ignoreCase: true, out var action) || !Enum.IsDefined(action)) && !isHistogram)
        {
            map.ErrorAt("action", $"action must be one of 'inc', 'dec', 'set', 'add', or 'sub', not {YamlValue.Echo(actionName)}");
        }
        var all = map.Flag("match_all");
        var bytes = map.Flag("count_entry_bytes");
        var value = map.Find("value")?.AsText();
        var buckets = map.List("buckets").Select(static item => item.AsNumber()).OfType<double>().Order().ToList();
        if (metric.Type == StageMetricType.Counter)
        {
            map.ErrorUnless(action is StageMetricAction.Inc or StageMetricAction.Add, "action", "a counter's action must be 'inc' or 'add'");
            map.ErrorUnless(!all || value is null, "match_all", "match_all cannot be combined with value, please remove `match_all` or `value`");
            map.ErrorUnless(!bytes || (all && action == StageMetricAction.Add), "count_entry_bytes",
                "count_entry_bytes can only be used with match_all: true and action 'add'");
        }
        map.Done();
        return metric with
        {
            Action = isHistogram ? StageMetricAction.Add : action,
            MatchAll = all,
            CountEntryBytes = bytes,
            Value = value,
            Buckets = buckets.Count > 0 ? buckets : DefaultBuckets,
        };
    }
}
