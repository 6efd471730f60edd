using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Traces;

/// <summary>What Jaeger's and Zipkin's clients get to hear, and that their spans are there afterwards.</summary>
public sealed class SpanIntakeApiTests : IAsyncLifetime
{
    /// <summary>A batch of the service <c>api</c> with one span, in Thrift's binary protocol.</summary>
    private const string Batch =
        "0c0001 0b0001 00000003 617069 00 0f0002 0c 00000001 0a0001 0000000000000005 0a0002 0000000000000000 0a0003 0000000000000006 "
        + "0a0004 0000000000000000 0b0005 00000003 676574 080007 00000001 0a0008 0000000000000003 0a0009 0000000000000001 00 00";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(static options => options with
    {
        TracePorts = new TracePorts
        {
            JaegerCompact = new ListenAddress("127.0.0.1", 0, "jaeger"), JaegerBinary = new ListenAddress("127.0.0.1", 0, "jaeger"),
        },
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("application/x-thrift", Batch, 202, "")]
    [InlineData("application/vnd.apache.thrift.binary; charset=utf-8", Batch, 202, "")]
    [InlineData("APPLICATION/X-THRIFT", Batch, 202, "")]
    [InlineData("", Batch, 400, "Cannot parse content type: mime: no media type\n")]
    [InlineData("text/<b>", Batch, 400, "Cannot parse content type: mime: expected token after slash\n")]
    [InlineData("application/json", "7b7d", 400, "Unsupported content type: application/json\n")]
    [InlineData("application/x-thrift", "", 400, "Unable to process request body: unexpected EOF\n")]
    [InlineData("application/x-thrift", "00", 400, "Unable to process request body: Required field Process is not set\n")]
    [InlineData("application/x-thrift", "0c0001 0b0001 7fffffff", 400, "Unable to process request body: unexpected EOF\n")]
    public async Task Jaegers_collector(string type, string hex, int status, string text)
    {
        var answer = await PostAsync("/api/traces?format=jaeger.thrift", Hex(hex), type);
        Assert.Equal((status, text), answer);
        var trace = _server.Server.Parts.Traces.Store.Get("", new TraceId(0, 5));
        Assert.Equal(status == 202 ? ["get"] : [], trace?.Spans.Select(static span => span.Name) ?? []);
    }

    [Theory]
    [InlineData("/api/v2/spans", "application/json", """[{"traceId":"5","id":"6","name":"get"}]""", 202, "")]
    [InlineData("/api/v2/spans", "", """[{"traceId":"5","id":"6","name":"get"}]""", 202, "")]
    [InlineData("/api/v1/spans", "application/json", """[{"traceId":"5","id":"6","name":"get"}]""", 202, "")]
    [InlineData("/api/v2/spans", "application/json", "[]", 202, null)]
    [InlineData("/api/v2/spans", "application/json", "{}", 400, "Unable to process request body: a list of spans belongs where an object stands\n")]
    [InlineData("/api/v1/spans", "application/json", "", 400, "Unable to process request body: unexpected end of JSON input\n")]
    [InlineData("/api/v1/spans", "application/x-thrift", "", 400, "Unable to process request body: unexpected EOF\n")]
    [InlineData("/api/v2/spans", "application/x-protobuf", "[]", 400, "Unable to process request body: proto: illegal wireType 3\n")]
    public async Task Zipkins_collector(string path, string type, string body, int status, string? text)
    {
        foreach (var packing in new[] { "", "gzip", "deflate" })
        {
            var (got, said) = await PostAsync(path, Packed(Encoding.UTF8.GetBytes(body), packing), type, packing);
            Assert.True(status == got, $"{packing}: {got} {said}");
            if (text is not null && (body.Length > 0 || packing.Length == 0))
            {
                Assert.Equal(text, said);
            }
        }
        var trace = _server.Server.Parts.Traces.Store.Get("", new TraceId(0, 5));
        Assert.Equal(text?.Length == 0, trace is not null);
    }

    [Fact]
    public async Task A_packed_body_that_is_not_packed_is_refused()
    {
        Assert.Equal(400, (await PostAsync("/api/v2/spans", "[]"u8.ToArray(), "application/json", "gzip")).Status);
        Assert.Equal(400, (await PostAsync("/api/v2/spans", "[]"u8.ToArray(), "application/json", "br")).Status);
        Assert.Equal(400, (await PostAsync("/api/traces", Hex(Batch), "application/x-thrift", "gzip")).Status);
        Assert.Equal(202, (await PostAsync("/api/traces", Packed(Hex(Batch), "gzip"), "application/x-thrift", "gzip")).Status);
    }

    [Fact]
    public async Task Datagrams()
    {
        using var client = new UdpClient(AddressFamily.InterNetwork);
        await client.SendAsync(Hex("80010004 00000009 656d69744261746368 00000001 0c0001" + Batch + "00"), _server.Server.UdpAddresses[1]);
        await client.SendAsync(
            Hex("8281 01 09 656d69744261746368 1c 1c 18 03 617069 00 19 1c 16 0e 16 00 16 10 16 00 18 03 707574 25 02 16 06 16 02 00 00 00"),
            _server.Server.UdpAddresses[0]);
        var store = _server.Server.Parts.Traces.Store;
        for (var left = 300; left > 0 && (store.Get("", new TraceId(0, 5)) is null || store.Get("", new TraceId(0, 7)) is null); left--)
        {
            await Task.Delay(50);
        }
        Assert.Equal("get", store.Get("", new TraceId(0, 5))?.Spans.Single().Name);
        Assert.Equal("put", store.Get("", new TraceId(0, 7))?.Spans.Single().Name);
        Assert.Contains(
            "jaeger_agent_thrift_udp_server_packets_processed_total{protocol=\"compact\"} 1", (await _server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_udp_port_is_an_error_that_names_port_and_flag_or_a_warning_where_it_is_optional()
    {
        var port = _server.Server.UdpAddresses[0].Port;
        var reports = new List<string>();
        PharosServerOptions Taken(PharosServerOptions options) => options with
        {
            TracePorts = new TracePorts { JaegerCompact = new ListenAddress("127.0.0.1", port, "processor.jaeger-compact.server-host-port") },
            Report = reports.Add,
        };
        var failure = await Assert.ThrowsAsync<ServerStartException>(() => RunningServer.StartAsync(Taken));
        Assert.Equal(
            $"cannot listen on 127.0.0.1:{port}: UDP port {port} is in use by another program; choose another with --processor.jaeger-compact.server-host-port",
            failure.Message);
        await using var other = await RunningServer.StartAsync(options => Taken(options) with { FamiliarPortsAreOptional = true });
        Assert.Contains(reports, report => report.Contains($"a familiar port is not opened: UDP port {port} is in use", StringComparison.Ordinal));
    }

    private async Task<(int Status, string Body)> PostAsync(string path, byte[] body, string type, string encoding = "")
    {
        using var content = new ByteArrayContent(body);
        if (type.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        if (encoding.Length > 0)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }
        using var response = await _server.Http.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static byte[] Packed(byte[] body, string packing)
    {
        if (packing.Length == 0)
        {
            return body;
        }
        var packed = new MemoryStream();
        using (Stream stream = packing == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(body);
        }
        return packed.ToArray();
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
