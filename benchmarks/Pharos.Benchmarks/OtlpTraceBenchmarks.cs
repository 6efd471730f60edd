using BenchmarkDotNet.Attributes;
using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Benchmarks;

/// <summary>Reads an OTLP request of spans with eleven attributes each into a batch.</summary>
[MemoryDiagnoser]
public class OtlpTraceBenchmarks
{
    private const int Attributes = 11;

    private readonly SpanBatch _batch = new();
    private OtlpTraceProtobuf _decoder = null!;
    private byte[] _request = [];

    /// <summary>Spans of a request.</summary>
    [Params(100, 5_000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _decoder = new OtlpTraceProtobuf(_batch);
        var writer = new ProtobufWriter();
        var resource = writer.Begin(1);
        var scope = writer.Begin(2);
        for (var i = 0; i < Scale; i++)
        {
            var span = writer.Begin(2);
            writer.Bytes(1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, (byte)(i >> 8), (byte)i]);
            writer.Bytes(2, [1, 2, 3, 4, 5, 6, (byte)(i >> 8), (byte)(i | 1)]);
            writer.Text(5, "GET /orders/{id}");
            writer.Int64(6, 2);
            writer.Fixed64(7, 1_700_000_000_000_000_000);
            writer.Fixed64(8, 1_700_000_000_001_000_000);
            for (var a = 0; a < Attributes; a++)
            {
                var pair = writer.Begin(9);
                writer.Text(1, $"http.attribute.{a}");
                var value = writer.Begin(2);
                writer.Text(1, $"value {a * i}");
                writer.End(value);
                writer.End(pair);
            }
            writer.End(span);
        }
        writer.End(scope);
        writer.End(resource);
        _request = writer.Written.ToArray();
    }

    [GlobalCleanup]
    public void Close() => _decoder.Dispose();

    [Benchmark]
    public int Read()
    {
        _batch.Clear();
        _decoder.Read(_request);
        return _batch.Count;
    }
}
