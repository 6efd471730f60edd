using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Server.Api.Otlp;
using Pharos.Server.Api.Otlp.Traces;
using Pharos.Server.Tests.Hosting;
using Pharos.Server.Traces;
using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Otlp;

public sealed class OtlpTracesEndpointTests
{
    private const string Protobuf = "application/x-protobuf";

    private static readonly Span Sent = new()
    {
        TraceId = new TraceId(1, 2), SpanId = 3, Name = "GET /", Kind = SpanKind.Client, StartNs = 1_700_000_000_000_000_000, EndNs = 1_700_000_000_100_000_000,
        Resource = new SpanResource([new("service.name", AttributeValue.OfText("shop"))], 0, ""),
        Attributes = [new("a", AttributeValue.OfJson(AttributeKind.Array, "[1,2.5]"))],
    };

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Protobuf_is_stored_and_answered_with_protobuf(string encoding)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await PostAsync(server, Body(Sent), Protobuf, encoding);
        Assert.Equal((HttpStatusCode.OK, Protobuf), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.True(SpanEquality.Same(Sent, Assert.Single(server.Server.Parts.Traces.Store.Get("", Sent.TraceId)!.Spans)));
    }

    [Fact]
    public async Task Json_is_stored_and_answered_with_json()
    {
        await using var server = await RunningServer.StartAsync();
        const string Json =
            """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000010000000000000002","spanId":"0000000000000003","name":"n"},{"spanId":"01"}]}]}]}""";
        using var answer = await PostAsync(server, Encoding.UTF8.GetBytes(Json), "application/json; charset=utf-8", "");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            """{"partialSuccess":{"rejectedSpans":"1","errorMessage":"trace_id must be 16 bytes that are not all zero"}}""",
            await answer.Content.ReadAsStringAsync());
        Assert.Equal("n", server.Server.Parts.Traces.Store.Get("", Sent.TraceId)!.Spans[0].Name);
    }

    [Theory]
    [InlineData(Protobuf, "", 400)]
    [InlineData("application/json", "", 400)]
    [InlineData("text/plain", "", 415)]
    [InlineData(Protobuf, "br", 415)]
    [InlineData(Protobuf, "gzip", 400)]
    [InlineData(Protobuf, "zstd", 400)]
    public async Task Bad_request_gets_a_status_message_in_its_own_encoding(string type, string encoding, int status)
    {
        await using var server = await RunningServer.StartAsync();
        using var content = new ByteArrayContent([0x0a, 0x05, 0x01]);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding.Length > 0)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }
        using var answer = await server.Http.PostAsync("/v1/traces", content);
        Assert.Equal(status, (int)answer.StatusCode);
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (type == "application/json")
        {
            using var json = JsonDocument.Parse(body);
            Assert.Equal(3, json.RootElement.GetProperty("code").GetInt32());
            Assert.NotEmpty(json.RootElement.GetProperty("message").GetString()!);
        }
        else
        {
            // google.rpc.Status{1 code: INVALID_ARGUMENT, 2 message}
            Assert.Equal(new byte[] { 0x08, 0x03, 0x12 }, body[..3]);
        }
    }

    [Fact]
    public async Task Grpc_is_stored_and_answered_in_the_trailers()
    {
        await using var server = await RunningServer.StartAsync();
        var (status, message, body) = await CallAsync(server, OtlpService.TracesPath, Body(Sent));
        Assert.Equal(("0", "", 0), (status, message, body.Length));
        Assert.True(SpanEquality.Same(Sent, Assert.Single(server.Server.Parts.Traces.Store.Get("", Sent.TraceId)!.Spans)));
        (status, message, _) = await CallAsync(server, OtlpService.TracesPath, [0x0a, 0x05, 0x01]);
        Assert.Equal("3", status);
        Assert.NotEmpty(message);
        (status, _, body) = await CallAsync(server, OtlpService.TracesPath, Body(Sent with { SpanId = 0 }));
        // ExportTraceServiceResponse{1 partial_success{1 rejected_spans: 1, 2 error_message}}
        Assert.Equal("0", status);
        Assert.Equal(new byte[] { 0x08, 0x01, 0x12 }, body[2..5]);
    }

    [Fact]
    public async Task Tenants_are_told_apart_by_Jaegers_header()
    {
        await using var server = await RunningServer.StartAsync(static options => options with
        {
            TraceTenancy = new TraceTenancy { Enabled = true, Tenants = ["acme"] },
        });
        using var none = await PostAsync(server, Body(Sent), Protobuf, "");
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal("16", (await CallAsync(server, OtlpService.TracesPath, Body(Sent))).Status);
        server.Http.DefaultRequestHeaders.Add("x-tenant", "other");
        using var other = await PostAsync(server, Body(Sent), Protobuf, "");
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        server.Http.DefaultRequestHeaders.Remove("x-tenant");
        server.Http.DefaultRequestHeaders.Add("x-tenant", "acme");
        using var taken = await PostAsync(server, Body(Sent), Protobuf, "");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Null(server.Server.Parts.Traces.Store.Get("", Sent.TraceId));
        Assert.NotNull(server.Server.Parts.Traces.Store.Get("acme", Sent.TraceId));
    }

    internal static async Task<(string Status, string Message, byte[] Body)> CallAsync(RunningServer server, string path, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var answer = await server.Http.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return (
            answer.TrailingHeaders.GetValues("grpc-status").Single(),
            answer.TrailingHeaders.TryGetValues("grpc-message", out var text) ? Uri.UnescapeDataString(text.Single()) : "",
            body.Length > 5 ? body[5..] : []);
    }

    private static byte[] Body(params Span[] spans)
    {
        var writer = new ProtobufWriter();
        OtlpTraceProtobuf.Write(writer, spans);
        return writer.Written.ToArray();
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, byte[] body, string type, string encoding)
    {
        using var packed = new MemoryStream();
        if (encoding == "gzip")
        {
            await using var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            await gzip.WriteAsync(body);
        }
        else if (encoding == "zstd")
        {
            using var zstd = new ZstdSharp.Compressor();
            packed.Write(zstd.Wrap(body));
        }
        using var content = new ByteArrayContent(encoding.Length == 0 ? body : packed.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding.Length > 0)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }
        return await server.Http.PostAsync("/v1/traces", content);
    }
}
