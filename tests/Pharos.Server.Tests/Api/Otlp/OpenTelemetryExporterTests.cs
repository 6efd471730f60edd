using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Traces;
using SpanKind = Pharos.Storage.Traces.SpanKind;
using TraceId = Pharos.Storage.Traces.TraceId;

namespace Pharos.Server.Tests.Api.Otlp;

/// <summary>What OpenTelemetry's SDK for .NET sends is stored as it was.</summary>
public sealed class OpenTelemetryExporterTests
{
    private static readonly DateTime Start = new(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc);

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task Spans_of_the_SDK_are_stored_as_they_were(OtlpExportProtocol protocol)
    {
        await using var server = await RunningServer.StartAsync();
        var name = $"tests.{protocol}";
        using var source = new ActivitySource(name, "1.2.3");
        var endpoint = protocol == OtlpExportProtocol.Grpc ? server.Server.BaseAddress : new Uri(server.Server.BaseAddress, "/v1/traces");
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(name)
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(
                new Dictionary<string, object> { ["service.name"] = "shop", ["host.cpus"] = 4L }))
            .AddOtlpExporter(options => (options.Endpoint, options.Protocol) = (endpoint, protocol))
            .Build();
        var root = source.StartActivity("GET /größe", ActivityKind.Server, default(ActivityContext), startTime: new DateTimeOffset(Start))!;
        root.SetTag("text", "größe \"x\"").SetTag("int", 42).SetTag("double", 1.5).SetTag("bool", true).SetTag("list", new[] { "a", "b" });
        root.TraceStateString = "a=1";
        var child = source.StartActivity(
            "SELECT", ActivityKind.Client, root.Context, [new("db.system", "sqlite")],
            [new ActivityLink(root.Context, new ActivityTagsCollection { ["why"] = "test" })], new DateTimeOffset(Start).AddTicks(7))!;
        child.AddEvent(new ActivityEvent("retry", new DateTimeOffset(Start).AddMilliseconds(1), new ActivityTagsCollection { ["attempt"] = 2 }));
        child.SetStatus(ActivityStatusCode.Error, "no such table");
        child.SetEndTime(Start.AddMilliseconds(2)).Stop();
        root.SetEndTime(Start.AddMilliseconds(3)).Stop();
        Assert.True(provider.ForceFlush(10_000));

        Assert.True(TraceId.TryParse(root.TraceId.ToHexString(), out var id));
        var spans = server.Server.Parts.Traces.Store.Get("", id)!.Spans;
        var first = Assert.Single(spans, static span => span.ParentSpanId == 0);
        Assert.Equal(("GET /größe", SpanKind.Server, "a=1"), (first.Name, first.Kind, first.TraceState));
        Assert.Equal((1_700_000_000_000_000_000, 1_700_000_000_003_000_000), (first.StartNs, first.EndNs));
        Assert.Equal(
            [
                new SpanAttribute("text", AttributeValue.OfText("größe \"x\"")), new SpanAttribute("int", AttributeValue.OfInt(42)),
                new SpanAttribute("double", AttributeValue.OfDouble(1.5)), new SpanAttribute("bool", AttributeValue.OfBool(true)),
                new SpanAttribute("list", AttributeValue.OfJson(AttributeKind.Array, "[\"a\",\"b\"]")),
            ],
            first.Attributes);
        Assert.Equal(
            [new SpanAttribute("service.name", AttributeValue.OfText("shop")), new SpanAttribute("host.cpus", AttributeValue.OfInt(4))],
            first.Resource.Attributes.OrderByDescending(static attribute => attribute.Key, StringComparer.Ordinal));
        Assert.Equal((name, "1.2.3"), (first.Scope.Name, first.Scope.Version));
        var second = Assert.Single(spans, static span => span.ParentSpanId != 0);
        Assert.Equal(("SELECT", SpanKind.Client, first.SpanId), (second.Name, second.Kind, second.ParentSpanId));
        Assert.Equal((SpanStatus.Error, "no such table"), (second.Status, second.StatusMessage));
        Assert.Equal(1_700_000_000_000_000_700, second.StartNs);
        var retry = Assert.Single(second.Events);
        Assert.Equal(("retry", 1_700_000_000_001_000_000), (retry.Name, retry.TimeNs));
        Assert.Equal([new SpanAttribute("attempt", AttributeValue.OfInt(2))], retry.Attributes);
        var link = Assert.Single(second.Links);
        Assert.Equal((id, first.SpanId), (link.TraceId, link.SpanId));
        Assert.Equal([new SpanAttribute("why", AttributeValue.OfText("test"))], link.Attributes);
    }
}
