using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Content;
using Pharos.Collection.Shipping.Stages.Templating;
using Pharos.Collection.Shipping.Stages.Times;
using Pharos.Query.Templates;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads the stages that change the line, extracted values and the time.</summary>
internal static class ContentStages
{
    public static StageFactory? ReadOutput(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var source = map.Text("source");
        map.ErrorUnless(source.Length > 0, "source", "output source value is required if output is specified");
        map.Done();
        return _ => new OutputStage(source);
    }

    public static StageFactory? ReadPack(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var labels = map.Texts("labels");
        var takesNow = map.Flag("ingest_timestamp", true);
        map.Done();
        return context => new PackStage(labels, takesNow, context);
    }

    public static StageFactory? ReadReplace(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var expression = PromtailValues.Regex(map, "expression");
        map.ErrorUnless(map.Has("expression"), "expression", "expression is required");
        var template = ReadTemplateText(map, "replace");
        var source = ParsingStages.ReadSource(map);
        map.Done();
        return expression is null || template is null ? null : _ => new ReplaceStage(expression, source, template);
    }

    public static StageFactory? ReadTemplate(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var source = map.Text("source");
        map.ErrorUnless(source.Length > 0, "source", "template source value is required");
        map.ErrorUnless(map.Has("template"), "template", "template template value is required");
        var template = ReadTemplateText(map, "template");
        map.Done();
        return template is null ? null : _ => new TemplateStage(source, template);
    }

    public static StageFactory? ReadTimestamp(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        var source = map.Text("source");
        map.ErrorUnless(source.Length > 0, "source", "timestamp source value is required if timestamp is specified");
        var format = map.Text("format");
        map.ErrorUnless(format.Length > 0, "format", "timestamp format is required");
        var zone = ReadLocation(map);
        List<TimestampFormat> formats = [new(format, zone), .. map.Texts("fallback_formats").Select(text => new TimestampFormat(text, zone))];
        var action = map.Text("action_on_failure", "fudge");
        map.ErrorUnless(action is "fudge" or "skip", "action_on_failure", $"{YamlValue.Echo(action)} is no action on failure: fudge or skip");
        map.Done();
        return context => new TimestampStage(source, formats, action == "fudge", context);
    }

    private static TimeZoneInfo ReadLocation(YamlMappingReader map)
    {
        if (map.Text("location") is not { Length: > 0 } name)
        {
            return TimeZoneInfo.Utc;
        }
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }
        map.ErrorAt("location", $"invalid location specified: unknown time zone {name}");
        return TimeZoneInfo.Utc;
    }

    private static LineTemplate? ReadTemplateText(YamlMappingReader map, string key)
    {
        if (map.FindEvenNull(key)?.AsText() is not { } text)
        {
            return LineTemplate.Parse("");
        }
        try
        {
            return LineTemplate.Parse(text);
        }
        catch (TemplateException e)
        {
            map.ErrorAt(key, e.Message);
            return null;
        }
    }
}
