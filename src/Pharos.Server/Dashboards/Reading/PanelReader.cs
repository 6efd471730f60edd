using System.Globalization;
using System.Text.Json.Nodes;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Reading;

/// <summary>Reads one panel and migrates retired types: <c>graph</c>, <c>singlestat</c>, <c>table-old</c>.</summary>
internal static class PanelReader
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["graph"] = "timeseries", ["timeseries"] = "timeseries", ["stat"] = "stat", ["singlestat"] = "stat", ["gauge"] = "gauge",
        ["bargauge"] = "bargauge", ["table"] = "table", ["table-old"] = "table", ["row"] = "row", ["text"] = "text",
    };

    /// <summary>What is done by <see cref="Data.TableTransformations"/>.</summary>
    private static readonly HashSet<string> KnownTransformations =
        new(StringComparer.Ordinal) { "organize", "merge", "filterFieldsByName", "sortBy", "renameByRegex", "reduce", "limit" };

    public static Panel Read(JsonObject json, HashSet<int> takenIds)
    {
        var source = json.Text("type", "graph");
        var type = Types.GetValueOrDefault(source, "unsupported");
        var warnings = new List<string>();
        if (type == "unsupported")
        {
            warnings.Add($"panels of type \"{source}\" are not drawn yet");
        }
        var transformations = json.Objects("transformations").Where(step => !step.Flag("disabled"))
            .Select(step => new Transformation(step.Text("id"), step.Object("options") ?? [])).ToArray();
        warnings.AddRange(transformations.Where(step => !KnownTransformations.Contains(step.Id))
            .Select(step => $"the transformation \"{step.Id}\" is not applied yet"));
        return new Panel
        {
            Id = IdOf(json, takenIds),
            Type = type,
            SourceType = source,
            Title = json.Text("title"),
            Description = json.Text("description"),
            GridPos = Position(json.Object("gridPos")),
            Collapsed = json.Flag("collapsed"),
            Panels = [.. json.Objects("panels").Select(child => Read(child, takenIds))],
            FieldConfig = source == "graph" ? GraphMigration.Migrate(json) : FieldConfigReader.Read(json, type),
            Queries = ReadQueries(json, source),
            Text = type == "text" ? ReadText(json) : null,
            Transformations = transformations,
            Warnings = warnings,
        };
    }

    private static int IdOf(JsonObject json, HashSet<int> takenIds)
    {
        var id = json.Int("id");
        while (id == 0 || !takenIds.Add(id))
        {
            id = takenIds.Count == 0 ? 1 : takenIds.Max() + 1;
        }
        return id;
    }

    private static GridPosition Position(JsonObject? json) => json is null ? GridPosition.Default : new GridPosition(
        Math.Clamp(json.Int("x"), 0, 23), Math.Max(0, json.Int("y")), Math.Clamp(json.Int("w", 6), 1, 24),
        Math.Clamp(json.Int("h", 3), 1, 100));

    private static List<PanelQuery> ReadQueries(JsonObject json, string source)
    {
        var queries = new List<PanelQuery>();
        foreach (var target in json.Objects("targets"))
        {
            var expr = target.Text("expr");
            if (target.Flag("hide") || expr.Length == 0)
            {
                continue;
            }
            var refId = target.Text("refId") is { Length: > 0 } own
                ? own : ((char)('A' + (queries.Count % 26))).ToString(CultureInfo.InvariantCulture);
            queries.Add(new PanelQuery(
                refId, expr, target.Text("legendFormat"), target.Flag("instant") && !target.Flag("range"),
                target.Text("format") == "table" || source == "table-old", target.Text("interval"),
                Math.Max(1, target.Int("intervalFactor", 1))));
        }
        return queries;
    }

    private static TextContent ReadText(JsonObject json)
    {
        var options = json.Object("options");
        return new TextContent(options.Text("mode", json.Text("mode", "markdown")), options.Text("content", json.Text("content")));
    }
}
