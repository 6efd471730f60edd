using System.Text.Json.Nodes;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Reading;

/// <summary>Reads <c>fieldConfig</c> and <c>options</c> of today's panels.</summary>
internal static class FieldConfigReader
{
    public static FieldConfig Read(JsonObject panel, string type)
    {
        var defaults = panel.Object("fieldConfig").Object("defaults");
        var custom = defaults.Object("custom");
        var options = panel.Object("options");
        var color = defaults.Object("color");
        var isSeries = type == "timeseries";
        return new FieldConfig
        {
            Unit = defaults.Text("unit"),
            Decimals = defaults.Number("decimals") is { } decimals ? (int)decimals : null,
            Min = defaults.Number("min"),
            Max = defaults.Number("max"),
            AxisLabel = custom.Text("axisLabel"),
            AxisHidden = custom.Text("axisPlacement") == "hidden",
            DrawStyle = custom.Text("drawStyle", "line"),
            LineWidth = custom.Number("lineWidth") ?? 1,
            FillOpacity = custom.Number("fillOpacity") ?? 0,
            Stacking = custom.Object("stacking").Text("mode", "none"),
            ShowPoints = custom.Text("showPoints", "auto"),
            SpanNulls = custom.Flag("spanNulls") || custom.Number("spanNulls") > 0,
            ColorMode = color.Text("mode", isSeries ? "palette-classic" : "thresholds"),
            FixedColor = color.Text("fixedColor") is { Length: > 0 } fixedColor ? ColorNames.Hex(fixedColor) : "",
            NoValue = defaults.Text("noValue"),
            Thresholds = ReadThresholds(defaults.Object("thresholds")),
            ThresholdsStyle = custom.Object("thresholdsStyle").Text("mode", "off"),
            Mappings = ReadMappings(defaults),
            Legend = ReadLegend(options.Object("legend")),
            Tooltip = new Tooltip(options.Object("tooltip").Text("mode", "single"), options.Object("tooltip").Text("sort", "none")),
            GraphMode = options.Text("graphMode", "area"),
            TextMode = options.Text("textMode", "auto"),
            ColorModeStat = options.Text("colorMode", "value"),
            Reduce = options.Object("reduceOptions").Texts("calcs") is [var calc, ..] ? calc : SingleStatReducer(panel),
            Overrides = ReadOverrides(panel),
        };
    }

    private static string SingleStatReducer(JsonObject panel) => panel.Text("valueName") switch
    {
        "avg" => "mean",
        "total" => "sum",
        "min" or "max" or "first" or "last" => panel.Text("valueName"),
        _ => "lastNotNull",
    };

    private static Thresholds ReadThresholds(JsonObject? json)
    {
        if (json is null)
        {
            return Thresholds.Default;
        }
        var steps = json.Objects("steps")
            .Select((step, index) => new ThresholdStep(index == 0 ? null : step.Number("value"), ColorNames.Hex(step.Text("color"))))
            .ToArray();
        return steps.Length == 0 ? Thresholds.Default : new Thresholds(json.Text("mode", "absolute"), steps);
    }

    private static List<ValueMapping> ReadMappings(JsonObject? defaults)
    {
        var mappings = new List<ValueMapping>();
        foreach (var json in defaults.Objects("mappings"))
        {
            var options = json.Object("options");
            switch (json.Text("type"))
            {
                case "value":
                    foreach (var (value, result) in options ?? [])
                    {
                        mappings.Add(Result(new ValueMapping { Value = value }, result as JsonObject));
                    }
                    break;
                case "range":
                    mappings.Add(Result(
                        new ValueMapping { Range = (options.Number("from"), options.Number("to")) }, options.Object("result")));
                    break;
                case "regex":
                    mappings.Add(Result(new ValueMapping { Regex = options.Text("pattern") }, options.Object("result")));
                    break;
                case "special":
                    mappings.Add(Result(new ValueMapping { Special = options.Text("match") }, options.Object("result")));
                    break;
                case "1":
                    // The numeric types of Grafana before 8.
                    mappings.Add(new ValueMapping { Value = json.Text("value"), Text = json.Text("text") });
                    break;
                case "2":
                    mappings.Add(new ValueMapping { Range = (json.Number("from"), json.Number("to")), Text = json.Text("text") });
                    break;
            }
        }
        return mappings;
    }

    private static ValueMapping Result(ValueMapping mapping, JsonObject? result) => mapping with
    {
        Text = result?["text"] is null ? null : result.Text("text"),
        Color = result.Text("color") is { Length: > 0 } color ? ColorNames.Hex(color) : null,
    };

    private static Legend ReadLegend(JsonObject? json) => new()
    {
        Show = json.Flag("showLegend", otherwise: true),
        Mode = json.Text("displayMode", "list"),
        Placement = json.Text("placement", "bottom"),
        Calcs = json.Texts("calcs"),
    };

    private static List<FieldOverride> ReadOverrides(JsonObject panel)
    {
        var overrides = new List<FieldOverride>();
        foreach (var json in panel.Object("fieldConfig").Objects("overrides"))
        {
            var matcher = json.Object("matcher");
            if (matcher.Text("id") is not ("byName" or "byRegexp"))
            {
                continue;
            }
            var properties = json.Objects("properties").ToDictionary(property => property.Text("id"), StringComparer.Ordinal);
            overrides.Add(new FieldOverride(
                matcher.Text("options"),
                matcher.Text("id") == "byRegexp",
                properties.GetValueOrDefault("unit")?.Text("value"),
                properties.GetValueOrDefault("decimals").Number("value") is { } decimals ? (int)decimals : null,
                properties.GetValueOrDefault("color").Object("value").Text("fixedColor") is { Length: > 0 } color
                    ? ColorNames.Hex(color) : null,
                properties.GetValueOrDefault("displayName")?.Text("value")));
        }
        return overrides;
    }
}
