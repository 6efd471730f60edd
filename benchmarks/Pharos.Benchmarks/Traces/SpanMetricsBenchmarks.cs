using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Metrics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Benchmarks.Traces;

/// <summary>What a span costs on its way in beside being stored: span metrics, service graph, dependencies, all of them.</summary>
[MemoryDiagnoser]
public class SpanMetricsBenchmarks
{
    private const int SpansPerBatch = 1_000;
    private readonly Meter _meter = new("bench");
    private readonly SpanBatch _batch = new();
    private MetricStore _store = null!;
    private SpanMetrics _metrics = null!;
    private DependencyStore _dependencies = null!;
    private ulong _trace;

    [Params("all", "span metrics", "service graph", "dependencies")]
    public string Parts { get; set; } = "all";

    [GlobalSetup]
    public void Open()
    {
        _store = MetricStore.OpenInMemory(_meter);
        _dependencies = DependencyStore.Open(null, DependencyLimits.Default, TimeProvider.System, NullLogger.Instance);
        var isAll = Parts == "all";
        _metrics = new SpanMetrics(
            _store, _dependencies,
            SpanMetricsOptions.Default with
            {
                JaegerNames = isAll || Parts == "span metrics",
                TempoNames = isAll || Parts == "span metrics",
                TargetInfo = isAll,
                ServiceGraph = isAll || Parts == "service graph",
                Dependencies = isAll || Parts == "dependencies",
                Interval = TimeSpan.FromHours(1),
            },
            TimeProvider.System, NullLogger.Instance, _meter);
    }

    [GlobalCleanup]
    public void Close()
    {
        _metrics.Dispose();
        _dependencies.Dispose();
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _meter.Dispose();
    }

    /// <summary>A batch of traces of ten spans through five services, eleven attributes each, made and counted.</summary>
    [Benchmark(OperationsPerInvoke = SpansPerBatch)]
    public void Count()
    {
        Fill();
        _metrics.Add(_batch);
    }

    /// <summary>Making the batch alone, to be taken off.</summary>
    [Benchmark(OperationsPerInvoke = SpansPerBatch)]
    public void Fill()
    {
        _batch.Clear();
        for (var service = 0; service < 5; service++)
        {
            _batch.BeginResource();
            _batch.AddAttribute("service.name"u8, AttributeKind.Text, Services[service]);
            for (var i = 0; i < SpansPerBatch / 5; i++)
            {
                var place = (ulong)((service * 2) + (i % 2));
                ref var row = ref _batch.BeginSpan();
                (row.TraceId, row.SpanId) = (new TraceId(9, _trace + ((ulong)i / 2)), ((_trace + ((ulong)i / 2)) * 16) + place + 1);
                row.ParentSpanId = place == 0 ? 0 : row.SpanId - 1;
                row.Kind = i % 2 == 0 ? SpanKind.Server : SpanKind.Client;
                (row.StartNs, row.EndNs) = (1_700_000_000_000_000_000, 1_700_000_000_000_000_000 + (i * 1_000_003));
                row.Name = _batch.Keep(i % 2 == 0 ? "GET /orders/{id}"u8 : "POST /payments"u8);
                for (var j = 0; j < 11; j++)
                {
                    _batch.AddAttribute("http.request.header"u8, AttributeKind.Text, "some value of it"u8);
                }
            }
        }
        _trace += SpansPerBatch / 10;
    }

    private static readonly byte[][] Services =
        ["frontend"u8.ToArray(), "checkout"u8.ToArray(), "orders"u8.ToArray(), "payments"u8.ToArray(), "stock"u8.ToArray()];
}
