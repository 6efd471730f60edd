using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Pharos.Instrumentation.Exposition;
using Prometheus;

namespace Pharos.Instrumentation.Benchmarks;

/// <summary>The same histogram in three libraries, each with its own way to be scraped.</summary>
internal sealed class Peers : IDisposable
{
    private static readonly double[] Boundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _ours = new("ours");
    private readonly Meter _theirs = new("theirs");
    private readonly MeterProvider _provider;

    public Peers(bool nativeHistograms)
    {
        Exporter = new PrometheusExporter(new PrometheusExporterOptions { Meters = [_ours], NativeHistograms = nativeHistograms });
        Ours = Create(_ours);
        Registry = Prometheus.Metrics.NewCustomRegistry();
        PrometheusNet = Prometheus.Metrics.WithCustomRegistry(Registry).CreateHistogram(
            "http_request_duration_seconds", "Duration", ["method", "route", "status_code"],
            new Prometheus.HistogramConfiguration { Buckets = Boundaries });
        var port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/metrics");
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter("theirs").SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddPrometheusHttpListener(options =>
            {
                options.Host = "127.0.0.1";
                options.Port = port;
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            })
            .Build();
        OpenTelemetry = Create(_theirs);
    }

    public PrometheusExporter Exporter { get; }

    public Histogram<double> Ours { get; }

    public CollectorRegistry Registry { get; }

    public Prometheus.Histogram PrometheusNet { get; }

    public Histogram<double> OpenTelemetry { get; }

    public Uri Address { get; }

    public void Dispose()
    {
        Exporter.Dispose();
        _provider.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
    }

    private static Histogram<double> Create(Meter meter) => meter.CreateHistogram(
        "http_request_duration_seconds", null, "Duration", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries });

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
