using Pharos.Instrumentation.Exposition;

namespace Pharos.Instrumentation.Tests.Exposition;

[Collection(OneAtATime.Name)]
public sealed class MetricNameTests
{
    [Theory]
    [InlineData("http.server.request.duration", "s", "Histogram", "http_server_request_duration_seconds")]
    [InlineData("http.server.active_requests", "{request}", "UpDownCounter", "http_server_active_requests")]
    [InlineData("dotnet.gc.collections", "{collection}", "Counter", "dotnet_gc_collections_total")]
    [InlineData("dotnet.process.cpu.time", "s", "Counter", "dotnet_process_cpu_time_seconds_total")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", "Counter", "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("system.cpu.utilization", "1", "Gauge", "system_cpu_utilization_ratio")]
    [InlineData("network.io", "By/s", "Gauge", "network_io_bytes_per_second")]
    [InlineData("foo.bar..baz", null, "Gauge", "foo_bar_baz")]
    [InlineData("2fast", null, "Gauge", "_2fast")]
    [InlineData("process_cpu_seconds_total", null, "ObservedCounter", "process_cpu_seconds_total")]
    [InlineData("progressive_active_users_total", null, "Gauge", "progressive_active_users_total")]
    [InlineData("request_seconds", "s", "Histogram", "request_seconds")]
    public void Names_follow_the_rules_of_compatibility(string name, string? unit, string kind, string expected) =>
        Assert.Equal(expected, MetricName.Of(name, unit, Enum.Parse<InstrumentKind>(kind)));
}
