using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Flow;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads <c>match</c>.</summary>
internal static class MatchSection
{
    public static StageFactory? Read(YamlValue section, StageList list)
    {
        if (section.AsMapping() is not { } map)
        {
            return null;
        }
        map.Text("pipeline_name");
        var reason = map.Text("drop_counter_reason", "match_stage");
        var action = map.Text("action", "keep");
        map.ErrorUnless(action is "keep" or "drop", "action", "match stage action should be 'keep' or 'drop'");
        var stages = list.Read(map, "stages");
        if (action == "drop" && map.Has("stages"))
        {
            map.ErrorAt("stages", "match stage configured to drop entries cannot contains stages");
        }
        if (action == "keep" && !map.Has("stages"))
        {
            section.Error("match stage requires at least one additional stage to be defined in '- stages'");
        }
        map.ErrorUnless(map.Has("selector"), "selector", "selector statement required for match stage");
        var selector = map.Find("selector") is { } text ? ReadSelector(text) : null;
        map.Done();
        return selector is null ? null
            : context => new MatchStage(new LineSelector(selector, context.Time), action == "keep" ? new NestedStage(stages, context) : null, reason, context);
    }

    private static LogQueryExpr? ReadSelector(YamlValue value)
    {
        if (value.AsText() is not { Length: > 0 } text)
        {
            return null;
        }
        try
        {
            return LogParser.ParseLogQuery(text, mayMatchEmpty: true);
        }
        catch (LogParseException e)
        {
            value.Error($"invalid selector syntax for match stage: {e.Message}");
            return null;
        }
    }
}
