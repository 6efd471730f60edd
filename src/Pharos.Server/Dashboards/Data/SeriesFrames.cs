using Pharos.Server.Dashboards.Model;
using Pharos.Server.Dashboards.Reading;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Shapes series for charts and for tiles.</summary>
internal static class SeriesFrames
{
    public static PanelFrame MakeSeries(Panel panel, IReadOnlyList<RawSeries> series, long[] times, long stepMs) => new()
    {
        Kind = "series",
        StepMs = stepMs,
        Times = times,
        Series = [.. series.Select((raw, index) => Draw(panel, raw, index))],
    };

    public static PanelFrame MakeTiles(Panel panel, IReadOnlyList<RawSeries> series, long[] times) => new()
    {
        Kind = "stat",
        Tiles = [.. series.Select(raw => Tile(panel, raw, times))],
    };

    private static FrameSeries Draw(Panel panel, RawSeries raw, int index)
    {
        var config = panel.FieldConfig;
        var display = new FieldDisplay(config, SeriesName.Of(raw.Labels, raw.Query.LegendFormat, raw.Expr));
        var values = config.NullAsZero ? [.. raw.Values.Select(value => value ?? 0d)] : raw.Values.Select(Finite).ToArray();
        var last = Reducers.Apply("lastNotNull", values);
        return new FrameSeries(
            display.Name,
            raw.Labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal),
            raw.Query.RefId,
            values,
            display.FixedColor ?? (config.ColorMode == "thresholds" ? display.Of(last).Color : null) ?? ColorNames.OfSeries(index),
            display.Unit,
            display.Decimals,
            1,
            config.Legend.Calcs.ToDictionary(calc => calc, calc => Reducers.Apply(calc, values), StringComparer.Ordinal),
            display.Of(last).Text);
    }

    private static StatTile Tile(Panel panel, RawSeries raw, long[] times)
    {
        var config = panel.FieldConfig;
        var display = new FieldDisplay(config, SeriesName.Of(raw.Labels, raw.Query.LegendFormat, raw.Expr));
        var values = raw.Values.Select(Finite).ToArray();
        var value = Reducers.Apply(config.Reduce, values);
        var (text, color) = display.Of(value);
        var wantsSpark = panel.Type == "stat" && config.GraphMode == "area" && !raw.Query.Instant;
        return new StatTile(
            display.Name, value, text, color ?? ColorNames.OfSeries(0),
            wantsSpark ? [.. times.Select((time, i) => (IReadOnlyList<double?>)[time, values[i]])] : null);
    }

    /// <summary>JSON has no NaN and no infinity, and a chart cannot draw them: they are gaps.</summary>
    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;
}
