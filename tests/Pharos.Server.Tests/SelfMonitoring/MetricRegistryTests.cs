using System.Diagnostics.Metrics;
using Pharos.Server.SelfMonitoring;

namespace Pharos.Server.Tests.SelfMonitoring;

public sealed class MetricRegistryTests
{
    [Fact]
    public void Counters_gauges_and_histograms_are_written_as_text()
    {
        using var meter = new Meter("test");
        using var registry = new MetricRegistry(meter);
        var counter = meter.CreateCounter<long>("things_total", description: "Things\nof all kinds.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a\"b\\c"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a\"b\\c"));
        meter.CreateObservableGauge("level", () => 1.5);
        var seconds = meter.CreateHistogram(
            "wait_seconds", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        seconds.Record(1);
        seconds.Record(5);
        Assert.Equal(
            """
            # TYPE level gauge
            level 1.5
            # HELP things_total Things\nof all kinds.
            # TYPE things_total counter
            things_total{kind="a\"b\\c"} 5
            # TYPE wait_seconds histogram
            wait_seconds_bucket{le="1"} 1
            wait_seconds_bucket{le="2"} 1
            wait_seconds_bucket{le="+Inf"} 2
            wait_seconds_sum 6
            wait_seconds_count 2

            """,
            ExpositionWriter.Write(registry.Collect(), AnswerFormat.Default));
    }

    [Fact]
    public void OpenMetrics_names_the_family_without_total_and_ends_with_EOF()
    {
        using var meter = new Meter("test");
        using var registry = new MetricRegistry(meter);
        meter.CreateCounter<long>("things_total").Add(1);
        Assert.Equal(
            "# TYPE things counter\nthings_total 1.0\n# EOF\n",
            ExpositionWriter.Write(registry.Collect(), AnswerFormat.Default with { Kind = AnswerKind.OpenMetrics }));
    }

    [Fact]
    public void Another_meter_is_not_heard()
    {
        using var meter = new Meter("test");
        using var other = new Meter("test");
        using var registry = new MetricRegistry(meter);
        other.CreateCounter<long>("foreign_total").Add(1);
        Assert.Empty(registry.Collect());
    }
}
