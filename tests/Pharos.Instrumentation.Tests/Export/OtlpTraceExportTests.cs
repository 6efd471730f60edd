using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pharos.Instrumentation.Exposition;

namespace Pharos.Instrumentation.Tests.Export;

[Collection(OneAtATime.Name)]
public sealed class OtlpTraceExportTests : IAsyncDisposable
{
    private readonly string _name = $"export-{Guid.NewGuid():N}";
    private readonly ActivitySource _source;
    private OtlpDouble _server = null!;

    public OtlpTraceExportTests() => _source = new ActivitySource(_name, "1.2");

    public async ValueTask DisposeAsync()
    {
        _source.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<IHost> StartAsync(params (string Name, string Value)[] variables)
    {
        _server ??= await OtlpDouble.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "app" });
        builder.Configuration["OTEL_BSP_SCHEDULE_DELAY"] = "10";
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = _server.Address.ToString();
        foreach (var (name, value) in variables)
        {
            builder.Configuration[name] = value;
        }
        builder.AddPharosInstrumentation(options =>
        {
            options.ServiceName = "test-service";
            options.ServiceVersion = "9";
            options.Sources.Add(_name);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    [Fact]
    public async Task A_span_arrives_with_all_that_it_has()
    {
        using var host = await StartAsync(("OTEL_RESOURCE_ATTRIBUTES", "team=ai%20team,service.name=not-this"), ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s%3D1"));
        var link = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "a=1");
        var parent = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "v=2", isRemote: true);
        Activity activity;
        using (activity = _source.StartActivity("work", ActivityKind.Consumer, parent, links: [new ActivityLink(link, new() { ["why"] = "batch" })])!)
        {
            activity.SetTag("text", "ü").SetTag("int", 5).SetTag("long", -6L).SetTag("double", 0.5).SetTag("bool", true)
                .SetTag("list", new[] { "a", "b" }).SetTag("other", new Uri("http://a/"));
            activity.AddEvent(new ActivityEvent("cache miss", tags: new() { ["key"] = 1 }));
            activity.SetStatus(ActivityStatusCode.Error, "went wrong");
        }
        await _server.WaitForSpansAsync(1);
        var (resource, scope, span) = _server.Spans.Single();
        Assert.Equal(("s:test-service", "s:9", "s:ai team", "s:dotnet"),
            (resource["service.name"], resource["service.version"], resource["team"], resource["telemetry.sdk.language"]));
        Assert.Equal(_name, scope);
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString(), parent.SpanId.ToHexString(), "v=2"),
            (span.Hex(1), span.Hex(2), span.Hex(4), span.Text(3)));
        Assert.Equal(("work", 5UL, 0x301UL), (span.Text(5), span.Number(6), span.Number(16)));
        var start = (activity.StartTimeUtc - DateTime.UnixEpoch).Ticks * 100;
        Assert.Equal(((ulong)start, (ulong)(start + (activity.Duration.Ticks * 100))), (span.Number(7), span.Number(8)));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["text"] = "s:ü", ["int"] = "i:5", ["long"] = "i:-6", ["double"] = "d:0.5", ["bool"] = "b:1", ["list"] = "[s:a,s:b]",
                ["other"] = "s:http://a/",
            }, span.Attributes(9));
        Assert.Equal(("cache miss", "i:1"), (span.Message(11).Text(2), span.Message(11).Attributes(3)["key"]));
        Assert.Equal((link.TraceId.ToHexString(), link.SpanId.ToHexString(), "a=1", "s:batch"),
            (span.Message(13).Hex(1), span.Message(13).Hex(2), span.Message(13).Text(3), span.Message(13).Attributes(4)["why"]));
        Assert.Equal(("went wrong", 2UL), (span.Message(15).Text(2), span.Message(15).Number(3)));
        Assert.Contains("api-key: s=1", _server.Headers);
        Assert.Contains("Content-Type: application/x-protobuf", _server.Headers);
    }

    [Fact]
    public async Task What_has_ended_is_sent_before_the_host_has_stopped()
    {
        using var host = await StartAsync(("OTEL_BSP_SCHEDULE_DELAY", "60000"), ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"));
        for (var i = 0; i < 700; i++)
        {
            _source.StartActivity("work")!.Dispose();
        }
        await host.StopAsync();
        Assert.Equal(700, _server.Spans.Count());
        Assert.Equal(2, _server.Requests.Count);
        Assert.Contains("Content-Encoding: gzip", _server.Headers);
        Assert.Contains("pharos_instrumentation_spans_exported_total 700\n", Metrics(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_receiver_that_is_busy_is_asked_again_when_it_says(int status)
    {
        _server = await OtlpDouble.StartAsync();
        _server.Answers.Enqueue(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        });
        using var host = await StartAsync();
        _source.StartActivity("work")!.Dispose();
        await _server.WaitForSpansAsync(1);
        Assert.Equal(2, _server.Attempts);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(413)]
    [InlineData(500)]
    public async Task What_the_receiver_refuses_is_not_sent_again(int status)
    {
        _server = await OtlpDouble.StartAsync();
        _server.Answers.Enqueue(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var host = await StartAsync();
        _source.StartActivity("work")!.Dispose();
        await host.StopAsync();
        Assert.Equal(1, _server.Attempts);
        Assert.Empty(_server.Spans);
        Assert.Contains("pharos_instrumentation_spans_dropped_total{reason=\"rejected\"} 1\n", Metrics(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_success_is_counted_and_not_sent_again()
    {
        _server = await OtlpDouble.StartAsync();
        // partial_success { rejected_spans: 1, error_message: "no" }
        _server.Answers.Enqueue(context => context.Response.Body.WriteAsync(new byte[] { 0x0a, 6, 0x08, 1, 0x12, 2, (byte)'n', (byte)'o' }).AsTask());
        using var host = await StartAsync();
        _source.StartActivity("one")!.Dispose();
        _source.StartActivity("two")!.Dispose();
        await host.StopAsync();
        Assert.Contains("pharos_instrumentation_spans_dropped_total{reason=\"rejected\"} 1\n", Metrics(host), StringComparison.Ordinal);
        Assert.Contains("pharos_instrumentation_spans_exported_total 1\n", Metrics(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_drops_and_holds_nobody_up()
    {
        using var host = await StartAsync(("OTEL_BSP_MAX_QUEUE_SIZE", "10"), ("OTEL_BSP_SCHEDULE_DELAY", "60000"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1000"));
        var hang = new TaskCompletionSource();
        _server.Answers.Enqueue(_ => hang.Task);
        for (var i = 0; i < 500; i++)
        {
            _source.StartActivity("work")!.Dispose();
        }
        hang.SetResult();
        await host.StopAsync();
        var exported = _server.Spans.Count();
        Assert.InRange(exported, 10, 400);
        Assert.Contains($"pharos_instrumentation_spans_dropped_total{{reason=\"queue_full\"}} {500 - exported}\n", Metrics(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_costs_the_spans_and_nothing_else()
    {
        using var host = await StartAsync(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1/v1/traces"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "300"));
        _source.StartActivity("work")!.Dispose();
        await host.StopAsync();
        Assert.Contains("pharos_instrumentation_spans_dropped_total{reason=\"failed\"} 1\n", Metrics(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    [InlineData("OTEL_TRACES_SAMPLER", "always_off")]
    public async Task It_can_be_turned_off(string variable, string value)
    {
        using var host = await StartAsync((variable, value));
        _source.StartActivity("work")?.Dispose();
        await host.StopAsync();
        Assert.Equal(0, _server.Attempts);
    }

    [Fact]
    public async Task Limits_cut_and_say_how_much()
    {
        using var host = await StartAsync(("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2"), ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1"),
            ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3"));
        using (var activity = _source.StartActivity("work")!)
        {
            activity.SetTag("a", "12\U0001F600").SetTag("b", "x").SetTag("c", "y");
            activity.AddEvent(new("one")).AddEvent(new("two"));
        }
        await _server.WaitForSpansAsync(1);
        var span = _server.Spans.Single().Span;
        Assert.Equal(new Dictionary<string, string> { ["a"] = "s:12", ["b"] = "s:x" }, span.Attributes(9));
        Assert.Equal((1UL, 1, 1UL), (span.Number(10), span.Messages(11).Length, span.Number(12)));
    }

    [Fact]
    public async Task A_source_of_another_service_in_the_process_is_left_to_its_host()
    {
        var name = "progressive-agent-" + _name;
        using var host = await StartAsync();
        using var own = new ActivitySource(new ActivitySourceOptions(name) { Tags = new ActivityTagsCollection([new("service.name", "test-service")]) });
        using var other = new ActivitySource(new ActivitySourceOptions(name) { Tags = new ActivityTagsCollection([new("service.name", "other")]) });
        own.StartActivity("own")!.Dispose();
        Assert.Null(other.StartActivity("other"));
        await host.StopAsync();
        Assert.Equal("own", _server.Spans.Single().Span.Text(5));
    }

    private static string Metrics(IHost host) => host.Services.GetRequiredService<PrometheusExporter>().Render();
}
