using System.Diagnostics.Metrics;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Metrics;

namespace Pharos.Instrumentation.Tests.Exposition;

[Collection(OneAtATime.Name)]
public sealed class PrometheusExporterTests
{
    [Fact]
    public void A_histogram_has_cumulative_buckets_sum_and_count()
    {
        using var metrics = new FrameworkMetrics();
        using var exporter = new PrometheusExporter(metrics.Meter);
        metrics.Coordination("mca", "npa", TimeSpan.FromSeconds(0.3));
        metrics.Coordination("mca", "npa", TimeSpan.FromSeconds(2));
        metrics.Coordination("mca", "npa", TimeSpan.FromSeconds(50));
        var expected = """
            # HELP progressive_agent_coordination_time_seconds Time taken for agent coordination by MCA
            # TYPE progressive_agent_coordination_time_seconds histogram
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="0.1"} 0
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="0.5"} 1
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="1"} 1
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="2"} 2
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="5"} 2
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="10"} 2
            progressive_agent_coordination_time_seconds_bucket{source_agent="mca",target_agent="npa",le="+Inf"} 3
            progressive_agent_coordination_time_seconds_sum{source_agent="mca",target_agent="npa"} 52.3
            progressive_agent_coordination_time_seconds_count{source_agent="mca",target_agent="npa"} 3

            """;
        Assert.Contains(expected, exporter.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_add_up_and_gauges_keep_the_last_value()
    {
        using var metrics = new FrameworkMetrics();
        using var exporter = new PrometheusExporter(metrics.Meter);
        metrics.AgentError("npa", "timeout");
        metrics.AgentError("npa", "timeout");
        metrics.SetActiveUsers(7, "demo");
        metrics.SetActiveUsers(5, "demo");
        var text = exporter.Render();
        Assert.Contains("progressive_agent_errors_total{agent_type=\"npa\",error_type=\"timeout\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE progressive_active_users_total gauge\nprogressive_active_users_total{environment=\"demo\"} 5\n",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_twelve_metrics_are_there_with_their_types()
    {
        using var metrics = new FrameworkMetrics();
        using var exporter = new PrometheusExporter(metrics.Meter);
        var types = exporter.Render().Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line["# TYPE ".Length..]);
        Assert.Equal(
            [
                "progressive_active_users_total gauge", "progressive_agent_coordination_time_seconds histogram",
                "progressive_agent_errors_total counter", "progressive_agent_memory_usage_bytes gauge",
                "progressive_agent_requests_total counter", "progressive_agent_response_time_seconds histogram",
                "progressive_agent_sync_events_total counter", "progressive_database_connections_active gauge",
                "progressive_http_request_duration_seconds histogram", "progressive_http_requests_total counter",
                "progressive_nutrition_plans_generated_total counter", "progressive_workout_plans_generated_total counter",
            ],
            types);
    }

    [Fact]
    public void A_label_value_with_quotes_and_newlines_is_escaped()
    {
        using var metrics = new FrameworkMetrics();
        using var exporter = new PrometheusExporter(metrics.Meter);
        metrics.AgentError("a\"b", "c\\d\ne");
        Assert.Contains("""{agent_type="a\"b",error_type="c\\d\ne"} 1""", exporter.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_the_limit_of_series_a_counters_sum_stays_right_and_a_gauge_is_lost()
    {
        using var metrics = new FrameworkMetrics();
        using var exporter = new PrometheusExporter(metrics.Meter);
        for (var i = 0; i < PrometheusExporter.MaxSeriesPerInstrument + 5; i++)
        {
            metrics.AgentError("npa", $"error-{i}");
        }
        Assert.Equal(5, exporter.OverflowedMeasurements);
        Assert.Contains("progressive_agent_errors_total{otel_metric_overflow=\"true\"} 5\n", exporter.Render(), StringComparison.Ordinal);
        for (var i = 0; i < PrometheusExporter.MaxSeriesPerInstrument + 5; i++)
        {
            metrics.SetAgentMemory(i, "npa", $"agent-{i}");
        }
        Assert.Equal(10, exporter.OverflowedMeasurements);
        Assert.DoesNotContain("progressive_agent_memory_usage_bytes{otel", exporter.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_labels_in_another_order_are_the_same_series()
    {
        using var meter = new Meter("orders");
        using var exporter = new PrometheusExporter(meter);
        var counter = meter.CreateCounter<int>("c");
        counter.Add(1, new("a", 1), new("b", 2));
        counter.Add(2, new("b", 2), new("a", 1));
        Assert.Contains("c_total{a=\"1\",b=\"2\"} 3\n", exporter.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_observed_series_that_is_observed_no_more_is_shown_no_more()
    {
        using var meter = new Meter("observed");
        using var exporter = new PrometheusExporter(meter);
        var isUp = true;
        meter.CreateObservableGauge("g", () => isUp ? [new Measurement<int>(7)] : Array.Empty<Measurement<int>>());
        Assert.Contains("g 7\n", exporter.Render(), StringComparison.Ordinal);
        isUp = false;
        Assert.DoesNotContain("g 7\n", exporter.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_observation_that_fails_costs_no_other_metric()
    {
        using var meter = new Meter("broken");
        using var exporter = new PrometheusExporter(meter);
        meter.CreateObservableGauge("bad", new Func<int>(() => throw new InvalidOperationException("no")));
        meter.CreateCounter<int>("good").Add(1);
        Assert.Contains("good_total 1\n", exporter.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_lose_nothing()
    {
        using var metrics = new FrameworkMetrics();
        using var exporter = new PrometheusExporter(metrics.Meter);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 5000; i++)
            {
                metrics.AgentRequest("npa", $"m{i % 50}", "200", TimeSpan.FromSeconds(1));
                if (i % 500 == 0)
                {
                    exporter.Render();
                }
            }
        });
        var lines = exporter.Render().Split('\n');
        Assert.Equal(50, lines.Count(line => line.StartsWith("progressive_agent_requests_total{", StringComparison.Ordinal)
            && line.EndsWith(" 800", StringComparison.Ordinal)));
        Assert.Equal(50, lines.Count(line => line.StartsWith("progressive_agent_response_time_seconds_sum{", StringComparison.Ordinal)
            && line.EndsWith(" 800", StringComparison.Ordinal)));
    }
}
