using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Jmes;
using Pharos.Collection.Shipping.Stages.Parsing;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads the stages that take lines apart.</summary>
internal static class ParsingStages
{
    private const int DefaultPartialLines = 100;

    public static StageFactory? ReadCri(YamlValue section, StageList list)
    {
        if (section.IsNull)
        {
            return static context => new CriStage(DefaultPartialLines, 0, false, context);
        }
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var lines = map.Count("max_partial_lines", DefaultPartialLines);
        var bytes = (int)Math.Min(int.MaxValue, PromtailValues.Bytes(map, "max_partial_line_size") ?? 0);
        var cuts = map.Flag("max_partial_line_size_truncate");
        map.Done();
        return context => new CriStage(lines == 0 ? DefaultPartialLines : lines, bytes, cuts, context);
    }

    public static StageFactory? ReadEventLogMessage(YamlValue section, StageList list)
    {
        if (section.IsNull)
        {
            return static _ => new EventLogMessageStage("message", false, false);
        }
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var source = map.Text("source", "message");
        var overwrites = map.Flag("overwrite_existing");
        var drops = map.Flag("drop_invalid_labels");
        map.Done();
        return _ => new EventLogMessageStage(source, overwrites, drops);
    }

    public static StageFactory? ReadJson(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var expressions = new List<KeyValuePair<string, JmesPath>>();
        var entries = map.Entries("expressions");
        if (entries.Count == 0)
        {
            map.ErrorAt("expressions", "JMES expression is required");
        }
        foreach (var (name, value) in entries)
        {
            try
            {
                expressions.Add(new(name, JmesPath.Parse(value.AsText() is { Length: > 0 } text ? text : name)));
            }
            catch (JmesException e)
            {
                value.Error($"could not compile JMES expression: {e.Message}");
            }
        }
        var source = ReadSource(map);
        var drops = map.Flag("drop_malformed");
        map.Done();
        return context => new JsonStage(expressions, source, drops, context);
    }

    public static StageFactory? ReadLogfmt(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var mapping = map.Entries("mapping").Select(static entry =>
            new KeyValuePair<string, string>(entry.Key, entry.Value.AsText() is { Length: > 0 } source ? source : entry.Key)).ToList();
        if (mapping.Count == 0)
        {
            map.ErrorAt("mapping", "logfmt mapping is required");
        }
        var source = ReadSource(map);
        map.Done();
        return _ => new LogfmtStage(mapping, source);
    }

    public static StageFactory? ReadRegex(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var expression = PromtailValues.Regex(map, "expression");
        map.ErrorUnless(map.Has("expression"), "expression", "expression is required");
        var source = ReadSource(map);
        var labels = map.Flag("labels_from_groups");
        map.Done();
        return expression is null ? null : _ => new RegexStage(expression, source, labels);
    }

    /// <summary>Null where a stage works on the line; an empty source is an error.</summary>
    internal static string? ReadSource(YamlMappingReader map)
    {
        if (map.Find("source") is not { } value)
        {
            return null;
        }
        var source = value.AsText();
        if (source is "")
        {
            value.Error("source cannot be empty");
        }
        return source;
    }
}
