using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Flow;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads the stages that drop, keep back and put together.</summary>
internal static class FlowStages
{
    public static StageFactory? ReadDrop(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var expression = PromtailValues.Regex(map, "expression");
        var value = map.Find("value")?.AsText();
        if (value is not null && map.Has("expression"))
        {
            map.ErrorAt("value", "drop stage config `value` and `expression` are mutually exclusive");
        }
        var options = new DropOptions
        {
            Sources = ReadSources(map),
            Separator = map.Text("separator", ";"),
            Expression = expression ?? (value is null ? null : GoRegex.Unanchored($"^{QuotedPattern(value)}$")),
            OlderThan = PromtailValues.Duration(map, "older_than"),
            LongerThanBytes = PromtailValues.Bytes(map, "longer_than"),
            Reason = map.Text("drop_counter_reason", "drop_stage"),
        };
        if (!map.Has("source") && !map.Has("expression") && !map.Has("value") && !map.Has("older_than") && !map.Has("longer_than"))
        {
            section.Error("drop stage config must contain at least one of `source`, `expression`, `older_than` or `longer_than`");
        }
        map.Done();
        return context => new DropStage(options, context);
    }

    public static StageFactory? ReadSampling(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var rate = map.Number("rate");
        map.ErrorUnless(rate is >= 0 and <= 1, "rate", "sampling stage failed to parse rate: a share from 0.0 to 1.0");
        var reason = map.Text("drop_counter_reason", "sampling_stage");
        map.Done();
        return context => new SamplingStage(rate, reason, context);
    }

    public static StageFactory? ReadLimit(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var options = new LimitOptions(map.Number("rate"), map.Count("burst"), map.Flag("drop"), map.Text("by_label_name"),
            map.Count("max_distinct_labels") is var distinct and > 0 ? distinct : 10_000);
        map.ErrorUnless(options is { Rate: > 0, Burst: > 0 }, "rate", "limit stage failed to parse rate or burst: both must be above zero");
        if (options.ByLabel.Length > 0 && !options.Drop)
        {
            map.ErrorAt("by_label_name", "when ratelimiting by label, drop must be true");
        }
        map.Done();
        var limits = new RateLimits(options, list.Time);
        return context => new LimitStage(options, limits, context);
    }

    public static StageFactory? ReadMultiline(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var first = PromtailValues.Regex(map, "firstline");
        map.ErrorUnless(map.Has("firstline"), "firstline", "multiline stage firstline regex is required");
        var wait = PromtailValues.Period(map, "max_wait_time", TimeSpan.FromSeconds(3));
        var lines = map.Count("max_lines", 128);
        map.Done();
        return first is null ? null : context => new MultilineStage(first, wait, lines == 0 ? 128 : lines, context);
    }

    public static StageFactory ReadPipeline(YamlValue section, StageList list)
    {
        var stages = list.Read(section);
        return context => new NestedStage(stages, context);
    }

    /// <summary>A text, or a list of texts.</summary>
    private static IReadOnlyList<string> ReadSources(YamlMappingReader map)
    {
        if (map.Find("source") is not { } value)
        {
            return [];
        }
        return value.Node is YamlSequence ? [.. value.AsList().Select(static item => item.AsText()).OfType<string>()]
            : value.AsText() is { Length: > 0 } single ? [single] : [];
    }

    private static string QuotedPattern(string text) =>
        string.Concat(text.Select(static c => @"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
}
