using BenchmarkDotNet.Attributes;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Metrics;

namespace Pharos.Benchmarks;

/// <summary>Packs and unpacks one full chunk of numbers.</summary>
[MemoryDiagnoser]
public class ChunkBenchmarks
{
    private readonly ByteWriter _writer = new(64 * 1024);
    private readonly SampleBuffer _buffer = new();
    private long[] _times = [];
    private double[] _values = [];
    private byte[] _packed = [];

    /// <summary>Samples.</summary>
    [Params(240)]
    public int Scale { get; set; }

    /// <summary>A counter's whole numbers, a gauge of two decimals, full entropy.</summary>
    [Params("counter", "gauge", "noise")]
    public string Values { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        _times = [.. Enumerable.Range(0, Scale).Select(static i => 1_700_000_000_000 + (i * 15_000L))];
        var value = 0.0;
        _values = [.. Enumerable.Range(0, Scale).Select(i => Values switch
        {
            "counter" => value += random.Next(50),
            "gauge" => value = Math.Round(value + random.NextDouble() - 0.5, 2),
            _ => Math.Sin(i) * random.NextDouble(),
        })];
        _packed = Pack().ToArray();
    }

    [Benchmark]
    public void Write() => Pack();

    [Benchmark]
    public int Read()
    {
        _buffer.Clear();
        ChunkReader.ReadRange(ChunkKind.Vector, _packed, Scale, long.MinValue, long.MaxValue, _buffer);
        return _buffer.Count;
    }

    private ReadOnlySpan<byte> Pack()
    {
        _writer.Clear();
        VectorChunk.Write(_times, _values, _writer);
        return _writer.Written;
    }
}
