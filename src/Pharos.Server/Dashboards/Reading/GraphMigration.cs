using System.Text.Json.Nodes;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Reading;

/// <summary>Makes a time series panel of the retired <c>graph</c> panel.</summary>
/// <remarks>The old panel's own defaults come first (lines, width 1, fill 1, no points), as the panel drew in its day:
/// Grafana's migration without them turns a file that says nothing of lines into points. The key <c>yAxes</c> is read like
/// <c>yaxes</c>, and an axis without <c>show</c> is shown.</remarks>
internal static class GraphMigration
{
    public static FieldConfig Migrate(JsonObject json)
    {
        var axis = Axes(json).FirstOrDefault();
        var legend = json.Object("legend");
        var tooltip = json.Object("tooltip");
        var shared = tooltip.Flag("shared", otherwise: true);
        var bars = json.Flag("bars");
        var lines = json.Flag("lines", otherwise: true);
        return new FieldConfig
        {
            Unit = axis.Text("format"),
            Decimals = json.Number("decimals") is { } decimals ? (int)decimals : null,
            Min = axis.Number("min"),
            Max = axis.Number("max"),
            AxisLabel = axis.Text("label"),
            AxisHidden = !axis.Flag("show", otherwise: true),
            DrawStyle = bars ? "bars" : lines ? "line" : "points",
            LineWidth = json.Number("linewidth") ?? 1,
            FillOpacity = bars ? 100 : 10 * (json.Number("fill") ?? 1),
            Stacking = !json.Flag("stack") ? "none" : json.Flag("percentage") ? "percent" : "normal",
            ShowPoints = json.Flag("points") ? "always" : "never",
            SpanNulls = json.Text("nullPointMode") == "connected",
            NullAsZero = json.Text("nullPointMode") == "null as zero",
            Legend = new Legend
            {
                Show = legend.Flag("show", otherwise: true),
                Mode = legend.Flag("alignAsTable") ? "table" : "list",
                Placement = legend.Flag("rightSide") ? "right" : "bottom",
                Calcs = legend.Flag("values") ? [.. Calcs.Where(calc => legend.Flag(calc.Old)).Select(calc => calc.New)] : [],
            },
            Tooltip = new Tooltip(
                shared ? "multi" : "single",
                !shared ? "none" : tooltip.Int("sort") switch { 1 => "asc", 2 => "desc", _ => "none" }),
            Thresholds = MigrateThresholds(json),
            ThresholdsStyle = json.Objects("thresholds").Any() ? "line+area" : "off",
            Overrides = [.. (json.Object("aliasColors") ?? []).Select(alias =>
                new FieldOverride(alias.Key, false, null, null, ColorNames.Hex(alias.Value?.ToString() ?? ""), null))],
        };
    }

    private static readonly (string Old, string New)[] Calcs =
        [("min", "min"), ("max", "max"), ("avg", "mean"), ("current", "lastNotNull"), ("total", "sum")];

    private static IEnumerable<JsonObject> Axes(JsonObject json)
    {
        var key = json.Select(member => member.Key)
            .FirstOrDefault(name => name.Equals("yaxes", StringComparison.OrdinalIgnoreCase));
        return key is null ? [] : json.Objects(key);
    }

    private static Thresholds MigrateThresholds(JsonObject json)
    {
        var steps = new List<ThresholdStep> { new(null, "#00000000") };
        foreach (var old in json.Objects("thresholds").OrderBy(step => step.Number("value") ?? 0))
        {
            var color = ColorNames.Hex(old.Text("colorMode") switch
            {
                "critical" => "red",
                "warning" => "orange",
                "ok" => "green",
                _ => old.Text("fillColor") is { Length: > 0 } fill ? fill : old.Text("lineColor", "red"),
            });
            if (old.Text("op") == "lt")
            {
                steps[^1] = steps[^1] with { Color = color };
                steps.Add(new ThresholdStep(old.Number("value"), "#00000000"));
            }
            else
            {
                steps.Add(new ThresholdStep(old.Number("value"), color));
            }
        }
        return new Thresholds("absolute", steps);
    }
}
