using System.Buffers;
using BenchmarkDotNet.Attributes;
using Pharos.Instrumentation.Exposition;

namespace Pharos.Instrumentation.Benchmarks;

/// <summary>An exposition of histograms with eleven buckets. OpenTelemetry's is fetched over HTTP, the only way that it has,
/// and its cache is off.</summary>
public class ScrapeBenchmarks
{
    private readonly HttpClient _client = new();
    private readonly ArrayBufferWriter<byte> _output = new(4 << 20);
    private readonly MemoryStream _stream = new(4 << 20);
    private Peers _peers = null!;

    [Params(10, 1000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _peers = new Peers(nativeHistograms: true);
        for (var i = 0; i < Scale; i++)
        {
            var route = $"/api/route{i}";
            _peers.Ours.Record(0.3, new("method", "GET"), new("route", route), new("status_code", "200"));
            _peers.OpenTelemetry.Record(0.3, new("method", "GET"), new("route", route), new("status_code", "200"));
            _peers.PrometheusNet.WithLabels("GET", route, "200").Observe(0.3);
        }
    }

    [GlobalCleanup]
    public void End() => _peers.Dispose();

    [Benchmark(Baseline = true)]
    public int PharosText() => Write(ExpositionFormat.Text);

    [Benchmark]
    public int PharosOpenMetrics() => Write(ExpositionFormat.OpenMetrics);

    [Benchmark]
    public int PharosProtobuf() => Write(ExpositionFormat.Protobuf);

    [Benchmark]
    public async Task<long> PrometheusNetText()
    {
        _stream.SetLength(0);
        await _peers.Registry.CollectAndExportAsTextAsync(_stream);
        return _stream.Length;
    }

    [Benchmark]
    public async Task<int> OpenTelemetryOverHttp() => (await _client.GetByteArrayAsync(_peers.Address)).Length;

    private int Write(ExpositionFormat format)
    {
        _output.ResetWrittenCount();
        _peers.Exporter.WriteTo(_output, format);
        return _output.WrittenCount;
    }
}
