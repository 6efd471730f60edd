using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Pharos.Benchmarks.Soak;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Metrics;

namespace Pharos.Benchmarks;

/// <summary>Takes a request of remote write 1.0 with known series: unpacks, reads, appends, commits in memory.</summary>
[MemoryDiagnoser]
public class RemoteWriteBenchmarks
{
    private const int Bodies = 64;

    private readonly Meter _meter = new("benchmark");
    private byte[][] _bodies = [];
    private MetricStore _store = null!;
    private RemoteWriteReceiver _receiver = null!;
    private int _next;

    /// <summary>Series of a request, one sample each.</summary>
    [Params(100, 2_000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _store = MetricStore.OpenInMemory(_meter);
        _receiver = new RemoteWriteReceiver(_store, TimeProvider.System, _meter);
        var load = new RemoteWriteLoad(Scale);
        _bodies = [.. Enumerable.Range(1, Bodies).Select(i => load.Request(0, Scale, i * 15_000L))];
        foreach (var body in _bodies)
        {
            Take(body);
        }
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        _meter.Dispose();
    }

    /// <summary>After the first round every sample is one that is stored already: label work and checks, without growth.</summary>
    [Benchmark]
    public int Receive() => Take(_bodies[_next++ % Bodies]);

    private int Take(byte[] body)
    {
        using var request = RemoteWriteReceiver.Unpack(body, out _)!;
        return _receiver.Receive(request.Span, RemoteWriteMessage.V1).Samples;
    }
}
