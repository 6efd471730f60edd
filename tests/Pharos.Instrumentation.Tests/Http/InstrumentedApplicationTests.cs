using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tests.Export;
using Pharos.Instrumentation.Tracing;

namespace Pharos.Instrumentation.Tests.Http;

[Collection(OneAtATime.Name)]
public sealed class InstrumentedApplicationTests : IAsyncLifetime
{
    private readonly string _service = $"svc-{Guid.NewGuid():N}";
    private OtlpDouble _traces = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _traces = await OtlpDouble.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddPharosInstrumentation(options =>
        {
            options.ServiceName = _service;
            options.OtlpEndpoint = _traces.Address;
        });
        builder.Configuration["OTEL_BSP_SCHEDULE_DELAY"] = "10";
        _app = builder.Build();
        _app.MapMetrics();
        _app.MapGet("/health", () => "ok");
        _app.MapGet("/api/users/{id}", (string id, AgentTracer tracer) => tracer.Trace("lookup", id, static (_, id) => id));
        _app.MapGet("/fails/{id}", (string id) => id == "a" ? Results.StatusCode(503) : throw new InvalidOperationException("boom"));
        await _app.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _traces.DisposeAsync();
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_their_latency_has_an_exemplar()
    {
        await _client.GetStringAsync("/api/users/1");
        await _client.GetStringAsync("/api/users/2");
        await _client.GetAsync("/nothing/here");
        await _client.GetAsync("/fails/b");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");
        using var response = await _client.SendAsync(request);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        Assert.Contains(lines, line => line.StartsWith(
            "progressive_http_requests_total{method=\"GET\",route=\"/api/users/{id}\",status_code=\"200\"} 2", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(
            "progressive_http_requests_total{method=\"GET\",route=\"unmatched\",status_code=\"404\"} 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(
            "progressive_http_requests_total{method=\"GET\",route=\"/fails/{id}\",status_code=\"500\"} 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(
            "progressive_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/users/{id}\"", StringComparison.Ordinal)
            && line.Contains("# {trace_id=", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains("http_route=\"/api/users/{id}\"", StringComparison.Ordinal) && line.EndsWith(" 2", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("process_cpu_seconds_total ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("route=\"/metrics\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_requests_span_follows_its_sender_and_carries_the_agents()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/7");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await _client.SendAsync(request);
        await _traces.WaitForSpansAsync(2);
        var spans = _traces.Spans.Select(entry => entry.Span).ToDictionary(span => span.Text(5), StringComparer.Ordinal);
        var server = spans["GET /api/users/{id}"];
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 2UL), (server.Hex(1), server.Hex(4), server.Number(6)));
        var attributes = server.Attributes(9);
        Assert.Equal(("s:GET", "s:/api/users/7", "s:/api/users/{id}", "i:200", "s:http", "s:127.0.0.1"),
            (attributes["http.request.method"], attributes["url.path"], attributes["http.route"], attributes["http.response.status_code"],
                attributes["url.scheme"], attributes["server.address"]));
        var agent = spans["agent.lookup"];
        Assert.Equal((server.Hex(2), server.Hex(1)), (agent.Hex(4), agent.Hex(1)));
        Assert.All(_traces.Spans, entry => Assert.Equal($"s:{_service}", entry.Resource["service.name"]));
    }

    [Fact]
    public async Task What_fails_is_an_error_and_what_looks_after_itself_is_not_traced()
    {
        await _client.GetAsync("/health");
        await _client.GetAsync("/metrics");
        await _client.GetAsync("/fails/a");
        await _client.GetAsync("/fails/b");
        await _traces.WaitForSpansAsync(2);
        var spans = _traces.Spans.Select(entry => entry.Span).OrderBy(span => span.Number(7)).ToArray();
        Assert.Equal(["GET /fails/{id}", "GET /fails/{id}"], spans.Select(span => span.Text(5)));
        Assert.All(spans, span => Assert.Equal(2UL, span.Message(15).Number(3)));
        Assert.Equal(["s:503", "s:System.InvalidOperationException"], spans.Select(span => span.Attributes(9)["error.type"]));
        Assert.Equal("s:boom", spans[1].Message(11).Attributes(3)["exception.message"]);
    }

    [Fact]
    public async Task Two_hosts_in_one_process_do_not_mix()
    {
        var other = WebApplication.CreateSlimBuilder();
        other.Logging.ClearProviders();
        other.WebHost.UseUrls("http://127.0.0.1:0");
        other.AddPharosInstrumentation(options =>
        {
            options.ServiceName = _service + "-other";
            options.OtlpEndpoint = _traces.Address;
        });
        other.Configuration["OTEL_BSP_SCHEDULE_DELAY"] = "10";
        await using var app = other.Build();
        app.MapMetrics();
        app.MapGet("/there", () => "x");
        await app.StartAsync();
        await _client.GetStringAsync("/api/users/1");
        await _client.GetStringAsync(new Uri(new Uri(app.Urls.First()), "/there"));
        await _traces.WaitForSpansAsync(3);
        Assert.Equal(
            [(_service, "GET /api/users/{id}"), (_service, "agent.lookup"), (_service + "-other", "GET /there")],
            _traces.Spans.Select(entry => (entry.Resource["service.name"][2..], entry.Span.Text(5)))
                .OrderBy(entry => entry.Item1, StringComparer.Ordinal).ThenBy(entry => entry.Item2, StringComparer.Ordinal));
        var text = await _client.GetStringAsync("/metrics");
        Assert.Contains("/api/users/{id}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/there", text, StringComparison.Ordinal);
    }
}
