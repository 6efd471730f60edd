using System.Text.Json;
using Pharos.Server.Dashboards.Reading;

namespace Pharos.Server.Tests.Dashboards;

public sealed class DashboardReaderTests
{
    private const string Wrapped = """
        {"dashboard": {"id": null, "title": "T", "tags": ["a"], "refresh": "30s", "time": {"from": "now-1h", "to": "now"},
          "panels": [
            {"id": 3, "title": "Rate", "type": "graph", "gridPos": {"h": 8, "w": 12, "x": 12, "y": 0},
             "yAxes": [{"label": "req/sec", "min": 0}],
             "targets": [{"expr": "rate(a[5m])", "legendFormat": "{{method}}"}, {"expr": "b"}]},
            {"id": 3, "title": "Row", "type": "row"},
            {"type": "histogram", "title": "H"}
          ]}}
        """;

    [Fact]
    public void The_wrapped_shape_of_the_API_is_unwrapped()
    {
        var dashboard = DashboardReader.Read(Wrapped, "folder/file.json");
        Assert.Equal("T", dashboard.Title);
        Assert.Equal("30s", dashboard.Refresh);
        Assert.Equal("now-1h", dashboard.Time.From);
        Assert.Equal(3, dashboard.Panels.Count);
    }

    [Fact]
    public void A_graph_without_lines_is_drawn_with_lines_and_keeps_its_axis()
    {
        var panel = DashboardReader.Read(Wrapped, "file.json").Panels[0];
        Assert.Equal("timeseries", panel.Type);
        Assert.Equal("graph", panel.SourceType);
        Assert.Equal("line", panel.FieldConfig.DrawStyle);
        Assert.Equal(1, panel.FieldConfig.LineWidth);
        Assert.Equal(10, panel.FieldConfig.FillOpacity);
        Assert.Equal("never", panel.FieldConfig.ShowPoints);
        Assert.Equal("req/sec", panel.FieldConfig.AxisLabel);
        Assert.Equal(0, panel.FieldConfig.Min);
        Assert.False(panel.FieldConfig.AxisHidden);
        Assert.Equal("multi", panel.FieldConfig.Tooltip.Mode);
    }

    [Fact]
    public void Targets_without_a_refId_get_letters_and_double_panel_ids_get_new_ones()
    {
        var dashboard = DashboardReader.Read(Wrapped, "file.json");
        Assert.Equal(["A", "B"], dashboard.Panels[0].Queries.Select(query => query.RefId));
        Assert.Equal(3, dashboard.Panels.Select(panel => panel.Id).Distinct().Count());
    }

    [Fact]
    public void A_type_that_is_not_drawn_says_so()
    {
        var panel = DashboardReader.Read(Wrapped, "file.json").Panels[2];
        Assert.Equal("unsupported", panel.Type);
        Assert.Contains("histogram", Assert.Single(panel.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_uid_of_a_file_without_one_depends_on_its_name_alone()
    {
        var here = DashboardReader.Read(Wrapped, "/a/file.json").Uid;
        Assert.Equal(here, DashboardReader.Read(Wrapped, "/b/file.json").Uid);
        Assert.NotEqual(here, DashboardReader.Read(Wrapped, "/a/other.json").Uid);
    }

    [Fact]
    public void Value_mappings_and_thresholds_are_read()
    {
        var panel = DashboardReader.Read("""
            {"title": "T", "panels": [{"type": "stat", "fieldConfig": {"defaults": {
              "mappings": [{"type": "value", "options": {"0": {"text": "DOWN", "color": "red"}}}],
              "thresholds": {"steps": [{"color": "red", "value": null}, {"color": "green", "value": 100}]}}}}]}
            """, "f.json").Panels[0];
        var mapping = Assert.Single(panel.FieldConfig.Mappings);
        Assert.Equal(("0", "DOWN", "#F2495C"), (mapping.Value, mapping.Text, mapping.Color));
        Assert.Equal("#F2495C", panel.FieldConfig.Thresholds.ColorOf(99, null, null));
        Assert.Equal("#73BF69", panel.FieldConfig.Thresholds.ColorOf(100, null, null));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"title\": \"no panels\"}")]
    [InlineData("{")]
    public void What_is_no_dashboard_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => DashboardReader.Read(json, "f.json"));

    [Fact]
    public void Every_published_dashboard_is_read()
    {
        var folder = Path.Combine(TestFolders.Shared, "conformance", "dashboards");
        Assert.SkipUnless(Directory.Exists(folder), "the published dashboards are not here");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Where(file => !file.EndsWith("MANIFEST.json", StringComparison.Ordinal)))
        {
            var dashboard = DashboardReader.Read(File.ReadAllText(file), file);
            Assert.NotEmpty(dashboard.Title);
        }
    }
}
