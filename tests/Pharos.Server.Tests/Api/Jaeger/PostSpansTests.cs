using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Server.Api.Jaeger.Collector;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Tests.Api.Otlp;
using Pharos.Server.Tests.Hosting;
using Pharos.Server.Traces;
using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class PostSpansTests
{
    [Fact]
    public async Task Batch_that_comes_by_grpc_is_stored()
    {
        await using var server = await RunningServer.StartAsync(static options => options with
        {
            TracePorts = new TracePorts { JaegerCollectorGrpc = new ListenAddress("127.0.0.1", 0, "collector.grpc-server.host-port") },
        });
        Assert.Equal("0", (await OtlpTracesEndpointTests.CallAsync(server, PostSpans.GrpcPath, Request())).Status);
        var span = Assert.Single(server.Server.Parts.Traces.Store.Get("", new TraceId(1, 2))!.Spans);
        Assert.Equal(("buy", "shop", SpanKind.Client), (span.Name, span.Resource.ServiceName, span.Kind));
        var (status, message, _) = await OtlpTracesEndpointTests.CallAsync(server, PostSpans.GrpcPath, [0x0a, 9]);
        Assert.Equal("3", status);
        Assert.NotEmpty(message);
    }

    [Fact]
    public async Task Unknown_tenant_is_denied()
    {
        await using var server = await RunningServer.StartAsync(static options => options with
        {
            TraceTenancy = new TraceTenancy { Enabled = true, Tenants = ["acme"] },
        });
        Assert.Equal(("16", "missing tenant header"), Outcome(await OtlpTracesEndpointTests.CallAsync(server, PostSpans.GrpcPath, Request())));
        server.Http.DefaultRequestHeaders.Add("x-tenant", "other");
        Assert.Equal(("7", "unknown tenant"), Outcome(await OtlpTracesEndpointTests.CallAsync(server, PostSpans.GrpcPath, Request())));
    }

    private static (string, string) Outcome((string Status, string Message, byte[] Body) answer) => (answer.Status, answer.Message);

    private static byte[] Request()
    {
        var writer = new ProtobufWriter();
        var batch = writer.Begin(1);
        var span = writer.Begin(1);
        writer.Bytes(1, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
        writer.Bytes(2, [0, 0, 0, 0, 0, 0, 0, 3]);
        writer.Text(3, "buy");
        var tag = writer.Begin(8);
        writer.Text(1, "span.kind");
        writer.Text(3, "client");
        writer.End(tag);
        writer.End(span);
        var process = writer.Begin(2);
        writer.Text(1, "shop");
        writer.End(process);
        writer.End(batch);
        return writer.Written.ToArray();
    }
}
