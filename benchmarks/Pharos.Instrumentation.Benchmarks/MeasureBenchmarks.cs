using System.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace Pharos.Instrumentation.Benchmarks;

/// <summary>One measurement with three labels of a series that is known, outside and inside of a recorded trace.</summary>
public class MeasureBenchmarks
{
    private readonly string[] _routes = [.. Enumerable.Range(0, 64).Select(i => $"/api/route{i}")];
    private readonly ActivitySource _source = new("measure");
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == "measure",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    private Peers _peers = null!;
    private Peers _classic = null!;
    private int _at;

    [Params(false, true)]
    public bool InTrace { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _peers = new Peers(nativeHistograms: true);
        _classic = new Peers(nativeHistograms: false);
        ActivitySource.AddActivityListener(_listener);
        if (InTrace)
        {
            Activity.Current = _source.StartActivity("work");
        }
    }

    [GlobalCleanup]
    public void End()
    {
        Activity.Current?.Dispose();
        _peers.Dispose();
        _classic.Dispose();
        _listener.Dispose();
        _source.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Pharos() => _peers.Ours.Record(0.3, new("method", "GET"), new("route", Route()), new("status_code", "200"));

    [Benchmark]
    public void PharosClassicOnly() =>
        _classic.Ours.Record(0.3, new("method", "GET"), new("route", Route()), new("status_code", "200"));

    [Benchmark]
    public void OpenTelemetry() => _peers.OpenTelemetry.Record(0.3, new("method", "GET"), new("route", Route()), new("status_code", "200"));

    [Benchmark]
    public void PrometheusNet() => _peers.PrometheusNet.WithLabels("GET", Route(), "200").Observe(0.3);

    private string Route() => _routes[_at++ & 63];
}
