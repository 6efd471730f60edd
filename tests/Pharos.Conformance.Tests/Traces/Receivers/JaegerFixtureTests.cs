using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.Receivers.Thrift;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Collection.Receivers.Zipkin.V1;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Conformance.Tests.Traces.Receivers;

/// <summary>Jaeger's own fixtures of what Thrift and Zipkin become in its model. The bytes were made from them by our own encoder.</summary>
public sealed class JaegerFixtureTests
{
    private const string Bytes = "jaeger/generated-thrift/";
    private const string Fixtures = "jaeger/jaeger-v1.49.0/model/converter/thrift/";
    private const string Zipkin = "jaeger/jaeger-v1.49.0/cmd/collector/app/zipkin/zipkindeser/fixtures/";

    /// <summary>Jaeger 1 drops a span's parent where the references name it as something else than a parent; Jaeger 2 keeps both, and so
    /// does Pharos, whose trees would else have a root too many.</summary>
    private const string KeptParent = "reference CHILD_OF 52969a8955571a3f:68c4e3";

    /// <summary>A start that nobody knows is 1970 for Jaeger 1; Pharos takes the time of arrival, and says so. (The tests arrive in 1970.)</summary>
    private const string AbsentStart = "tag otel.zipkin.absentField.startTime=Bool true";

    /// <summary>The encoder that made the bytes left this field out: there is no byte of it.</summary>
    private const string NotInTheBytes = "tag peer.ipv6=Bytes MjAwMTpkYjg6OmMwMDE=";

    [Theory]
    [InlineData("thrift_batch_01", "domain_01.json")]
    [InlineData("thrift_batch_02", "domain_02.json")]
    public void Thrift_batch_in_every_wrapping(string name, string domain)
    {
        var expected = DomainSpan.Read(ConformanceFiles.Path(Fixtures + "jaeger/fixtures/" + domain));
        foreach (var wrapping in new[] { ".tbinary.bin", ".emit.binary.bin", ".emit.compact.bin" })
        {
            var bytes = File.ReadAllBytes(ConformanceFiles.Path(Bytes + name + wrapping));
            var batch = new SpanBatch();
            if (wrapping == ".tbinary.bin")
            {
                var reader = new ThriftBinaryReader(bytes);
                new JaegerThrift(new JaegerSpanWriter(batch)).ReadBatch(ref reader);
            }
            else
            {
                var protocol = wrapping == ".emit.binary.bin" ? UdpProtocol.Binary : UdpProtocol.Compact;
                new UdpSpanDecoder(protocol, batch, TimeProvider.System).Decode(bytes);
            }
            Same(expected, batch, KeptParent);
        }
    }

    [Theory]
    [InlineData("zipkin_01.tbinary.bin", "domain_01.json")]
    [InlineData("zipkin_02.tbinary.bin", "domain_02.json")]
    [InlineData("zipkin_03.tbinary.bin", "domain_03.json")]
    public void Zipkin_thrift(string bytes, string domain)
    {
        var expected = DomainSpan.Read(ConformanceFiles.Path(Fixtures + "zipkin/fixtures/" + domain));
        var batch = new SpanBatch();
        var reader = new ThriftBinaryReader(File.ReadAllBytes(ConformanceFiles.Path(Bytes + bytes)));
        new ZipkinThrift().Read(ref reader, new ZipkinV1Writer(batch, arrivedNs: 0).Write);
        Same(expected, batch, AbsentStart);
    }

    [Theory]
    [InlineData("zipkin_01.json",
        "bd7a974555f6b982bd71977555f6b981:2 foo 1000+10000 flags 0 of foo", "reference CHILD_OF bd7a974555f6b982bd71977555f6b981:1",
        "tag foo=bar", "tag net.host.ip=10.43.17.42", "tag net.peer.ip=10.43.17.43", "tag peer.service=bar", "tag span.kind=client",
        "tag zipkin.debug=Bool true", "log 1000 event=foo")]
    [InlineData("zipkin_02.json", "2:2 foo 1000+10000 flags 0 of bar", "tag net.host.ip=10.43.17.42", "tag net.host.port=Int 8080")]
    [InlineData("zipkin_03.json",
        "91f00370361e578:188bb8428fc7e477 send 1597704629675602000+9550570000 flags 0 of schemas-service", "reference CHILD_OF 91f00370361e578:c26551047c72d19",
        "tag kafka.topic=schema-changed", "tag peer.service=kafka", "tag span.kind=producer")]
    public void Zipkin_json(string file, params string[] lines)
    {
        var batch = new SpanBatch();
        new ZipkinJson().Read(File.ReadAllBytes(ConformanceFiles.Path(Zipkin + file)), new ZipkinSpanWriter(batch, arrivedNs: 0).Write);
        Assert.Equal(lines, DomainSpan.Lines(Assert.Single(batch.ToSpans())));
    }

    [Theory]
    [InlineData("zipkin_proto_01.json",
        "428568baaa09467e428e688aaa09467f:2 foo 1000+10000 flags 0 of foo", "reference CHILD_OF 428568baaa09467e428e688aaa09467f:1",
        "tag foo=bar", "tag net.host.ip=10.43.17.42", "tag net.peer.ip=10.43.17.43", "tag peer.service=bar", "tag span.kind=client",
        "tag zipkin.debug=Bool true", "log 1000 event=foo")]
    [InlineData("zipkin_proto_02.json", "2:2 foo 1000+10000 flags 0 of bar", "tag net.host.ip=10.43.17.42", "tag net.host.port=Int 8080")]
    public void Zipkin_protobuf(string file, params string[] lines)
    {
        var batch = new SpanBatch();
        new ZipkinProtobuf().Read(ZipkinProtobufJson.Encode(ConformanceFiles.Path(Zipkin + file)), new ZipkinSpanWriter(batch, arrivedNs: 0).Write);
        Assert.Equal(lines, DomainSpan.Lines(Assert.Single(batch.ToSpans())));
    }

    /// <summary>Spans of the first format in which a client's and a server's half are merged: each of both is found again.</summary>
    [Theory]
    [InlineData("jaeger/jaeger-v1.49.0/cmd/collector/app/handler/testdata/zipkin_v1_merged_spans.json")]
    [InlineData(Zipkin + "zipkin_v1_merged_spans.json")]
    public void Zipkin_v1_merged(string file)
    {
        var batch = new SpanBatch();
        new ZipkinV1Json().Read(File.ReadAllBytes(ConformanceFiles.Path(file)), new ZipkinV1Writer(batch, arrivedNs: 0).Write);
        string[] expected =
        [
            "4ed11df465275600:4ed11df465275600 get / 1633073248674949000+14861000 flags 0 of unknown-service-name | tag span.kind=server",
            "4ed11df465275600:c943743e25dc2cdf get /api 1633073248678309000+3360000 flags 0 of unknown-service-name | "
                + "reference CHILD_OF 4ed11df465275600:4ed11df465275600 | tag span.kind=client",
            "4ed11df465275600:c943743e25dc2cdf get /api 1633073248681669000+6719000 flags 0 of unknown-service-name | "
                + "reference CHILD_OF 4ed11df465275600:4ed11df465275600 | tag span.kind=server",
        ];
        Assert.Equal(expected, batch.ToSpans().Select(static span => string.Join(" | ", DomainSpan.Lines(span))));
    }

    private static void Same(List<string[]> expected, SpanBatch batch, string knownDifference)
    {
        var found = batch.ToSpans().Select(DomainSpan.Lines).ToList();
        Assert.Equal(expected.Count, found.Count);
        foreach (var (wanted, got) in expected.Zip(found))
        {
            Assert.Equal(
                wanted.Where(static line => line != NotInTheBytes), got.Where(line => line != knownDifference || wanted.Contains(line)));
        }
    }
}
