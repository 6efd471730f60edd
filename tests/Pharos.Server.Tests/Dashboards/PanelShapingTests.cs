using Pharos.Server.Dashboards.Data;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Tests.Dashboards;

public sealed class PanelShapingTests
{
    [Theory]
    [InlineData(0.5, "percentunit", null, "50%")]
    [InlineData(12.345, "percent", 1, "12.3%")]
    [InlineData(1536, "bytes", null, "1.5 KiB")]
    [InlineData(0.25, "s", null, "250 ms")]
    [InlineData(90, "s", null, "1.5 min")]
    [InlineData(1234, "short", null, "1.23 K")]
    [InlineData(3, "widgets", null, "3 widgets")]
    [InlineData(0.00042, "", null, "0.00042")]
    public void Units_are_written_as_Grafana_writes_them(double value, string unit, int? decimals, string expected) =>
        Assert.Equal(expected, Units.Format(value, unit, decimals));

    [Theory]
    [InlineData("lastNotNull", 4d)]
    [InlineData("last", null)]
    [InlineData("mean", 3d)]
    [InlineData("sum", 9d)]
    [InlineData("min", 2d)]
    [InlineData("max", 4d)]
    [InlineData("count", 4d)]
    [InlineData("diff", 2d)]
    [InlineData("median", 3d)]
    public void Reducers_pass_over_gaps(string reducer, double? expected) =>
        Assert.Equal(expected, Reducers.Apply(reducer, [2, 3, 4, null]));

    [Theory]
    [InlineData(3_600_000, 900, 0, 1, 5_000)]
    [InlineData(3_600_000, 900, 15_000, 1, 15_000)]
    [InlineData(86_400_000, 800, 0, 2, 240_000)]
    public void The_step_follows_range_width_and_minimum(long range, int width, long min, int factor, long expected) =>
        Assert.Equal(expected, StepChoice.Choose(range, width, min, factor));

    [Theory]
    [InlineData("rate(a[$__rate_interval])", "rate(a[1m])")]
    [InlineData("rate(a[$__interval])", "rate(a[5s])")]
    [InlineData("increase(a[$__range])", "increase(a[3600s])")]
    [InlineData("a{job=\"$job\"}", "a{job=\"web\"}")]
    [InlineData("a{env=~\"${env}\"}", "a{env=~\"(dev|p\\\\.1)\"}")]
    [InlineData("a{env=~\"[[env:pipe]]\"}", "a{env=~\"dev|p.1\"}")]
    [InlineData("a{x=\"$unknown\"}", "a{x=\"$unknown\"}")]
    public void Macros_and_variables_are_put_in(string expr, string expected)
    {
        var variables = new Dictionary<string, (Variable, IReadOnlyList<string>)>
        {
            ["job"] = (new Variable { Name = "job", Type = "custom" }, ["web"]),
            ["env"] = (new Variable { Name = "env", Type = "custom", Multi = true }, ["dev", "p.1"]),
        };
        Assert.Equal(expected, new Interpolation(variables, 5_000, 3_600_000, 15_000).Apply(expr));
    }

    [Fact]
    public void A_mapping_gives_text_and_color_before_unit_and_thresholds()
    {
        var config = new FieldConfig
        {
            ColorMode = "thresholds",
            Mappings = [new ValueMapping { Value = "1", Text = "UP", Color = "#00ff00" }],
        };
        var display = new FieldDisplay(config, "a");
        Assert.Equal(("UP", "#00ff00"), display.Of(1));
        Assert.Equal(("0", Thresholds.Default.Steps[0].Color), display.Of(0));
    }
}
