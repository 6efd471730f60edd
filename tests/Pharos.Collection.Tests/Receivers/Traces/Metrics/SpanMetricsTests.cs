using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Collection.Tests.Receivers.Traces.Metrics;

public sealed class SpanMetricsTests : IDisposable
{
    private const string JaegerLabels = "service_name=\"web\", span_kind=\"SPAN_KIND_SERVER\", span_name=\"GET /\", status_code=\"STATUS_CODE_UNSET\"";
    private const string TempoLabels = "service=\"web\", span_kind=\"SPAN_KIND_SERVER\", span_name=\"GET /\", status_code=\"STATUS_CODE_UNSET\"";
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly Meter _meter = new("test");
    private readonly FakeMetricStore _store = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly DependencyStore _dependencies =
        DependencyStore.Open(null, DependencyLimits.Default, TimeProvider.System, NullLogger.Instance);

    public void Dispose()
    {
        _meter.Dispose();
        _dependencies.Dispose();
    }

    [Fact]
    public void Spans_become_jaegers_and_tempos_series_every_quarter_of_a_minute()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("web", Server(1, 3), Server(2, 7), Server(3, 20_000)));
        Assert.Empty(_store.Series());
        Pass(metrics, TimeSpan.FromSeconds(15));
        Assert.Equal("0 3", _store.Values($"traces_span_metrics_calls_total{{{JaegerLabels}}}"));
        Assert.Equal([1_700_000_000_001, 1_700_000_015_000],
            _store.Of($"traces_span_metrics_calls_total{{{JaegerLabels}}}").Select(sample => sample.TimestampMs));
        Assert.Equal("0 20010", _store.Values($"traces_span_metrics_duration_milliseconds_sum{{{JaegerLabels}}}"));
        Assert.Equal("0 3", _store.Values($"traces_span_metrics_duration_milliseconds_count{{{JaegerLabels}}}"));
        Assert.Equal(
            "2:0 4:1 6:1 8:2 10:2 50:2 100:2 200:2 400:2 800:2 1000:2 1400:2 2000:2 5000:2 10000:2 15000:2 +Inf:3",
            Buckets("traces_span_metrics_duration_milliseconds_bucket"));
        Assert.Equal("0 3", _store.Values($"traces_spanmetrics_calls_total{{{TempoLabels}}}"));
        Assert.Equal("0 20.01", _store.Values($"traces_spanmetrics_latency_sum{{{TempoLabels}}}"));
        Assert.Equal(
            "0.002:0 0.004:1 0.008:2 0.016:2 0.032:2 0.064:2 0.128:2 0.256:2 0.512:2 1.024:2 2.048:2 4.096:2 8.192:2 16.384:2 +Inf:3",
            Buckets("traces_spanmetrics_latency_bucket"));
        metrics.Add(Some.Batch("web", Server(4, 3)));
        Pass(metrics, TimeSpan.FromSeconds(45));
        Assert.Equal("0 3 4 4", _store.Values($"traces_span_metrics_calls_total{{{JaegerLabels}}}"));
    }

    [Fact]
    public void A_histogram_leads_to_a_trace_in_each_bucket()
    {
        using var metrics = Metrics();
        metrics.Add(Some.Batch("web", Server(0xa, 3), Server(0xb, 3), Server(0xc, 7)));
        Pass(metrics, TimeSpan.FromSeconds(15));
        var four = Assert.Single(_store.ExemplarsOf(Bucket("traces_span_metrics_duration_milliseconds_bucket", JaegerLabels, "4")));
        Assert.Equal("{span_id=\"0000000000000001\", trace_id=\"0000000000000000000000000000000b\"}", four.Labels.ToString());
        Assert.Equal((3.0, Start.ToUnixTimeMilliseconds()), (four.Value, four.TimestampMs));
        var latency = Assert.Single(_store.ExemplarsOf(Bucket("traces_spanmetrics_latency_bucket", TempoLabels, "0.008")));
        Assert.Equal("{traceID=\"0000000000000000000000000000000c\"}", latency.Labels.ToString());
        Assert.Equal(0.007, latency.Value);
        Pass(metrics, TimeSpan.FromSeconds(30));
        Assert.Single(_store.ExemplarsOf(Bucket("traces_span_metrics_duration_milliseconds_bucket", JaegerLabels, "4")));
    }

    [Fact]
    public void A_series_that_no_span_changes_ends_and_begins_anew_at_zero()
    {
        using var metrics = Metrics(SpanMetricsOptions.Default with { Idle = TimeSpan.FromSeconds(20) });
        metrics.Add(Some.Batch("web", Server(1, 3)));
        Pass(metrics, TimeSpan.FromSeconds(30));
        metrics.Add(Some.Batch("web", Server(2, 3)));
        Pass(metrics, TimeSpan.FromSeconds(45));
        Assert.Equal("0 1 stale 0 1", _store.Values($"traces_span_metrics_calls_total{{{JaegerLabels}}}"));
    }

    [Fact]
    public void Too_many_names_are_one()
    {
        using var metrics = Metrics(SpanMetricsOptions.Default with { MaxNamesPerService = 2, MaxNames = 4, TempoNames = false, TargetInfo = false });
        metrics.Add(Some.Batch("web", [.. Enumerable.Range(0, 5).Select(i => Some.Span(1, (ulong)i + 1, $"name {i}"))]));
        metrics.Add(Some.Batch("late", Some.Span(1, 9, "name"), Some.Span(1, 10, "other")));
        Pass(metrics, TimeSpan.FromSeconds(15));
        var calls = _store.All().Where(series => series.Labels.MetricName == "traces_span_metrics_calls_total")
            .Select(series => $"{series.Labels["service_name"]} {series.Labels["span_name"]} {series.Samples[^1].Value}");
        Assert.Equal(
            [
                "__cardinality_overflow__ __cardinality_overflow__ 1", "late name 1", "web __cardinality_overflow__ 3", "web name 0 1", "web name 1 1",
            ],
            calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Resources_tell_of_themselves_and_tenants_are_apart()
    {
        using var metrics = Metrics();
        var batch = new SpanBatch { Tenant = "red" };
        batch.BeginResource();
        batch.AddAttribute("service.name", AttributeValue.OfText("web"));
        batch.AddAttribute("service.namespace", AttributeValue.OfText("shop"));
        batch.AddAttribute("service.instance.id", AttributeValue.OfText("pod-1"));
        batch.AddAttribute("k8s.pod.name", AttributeValue.OfText("pod-1"));
        batch.AddAttribute("process.pid", AttributeValue.OfInt(42));
        ref var row = ref batch.BeginSpan();
        (row.TraceId, row.SpanId, row.Name) = (new TraceId(0, 1), 1, batch.Keep("a"));
        metrics.Add(batch);
        metrics.Add(Some.Batch("plain", Some.Span(1, 1, "a")));
        Pass(metrics, TimeSpan.FromSeconds(15));
        Assert.Equal(
            ["traces_target_info{instance=\"pod-1\", job=\"shop/web\", k8s_pod_name=\"pod-1\", process_pid=\"42\", tenant=\"red\"}"],
            _store.Series().Where(series => series.StartsWith("traces_target_info", StringComparison.Ordinal)));
        Assert.Contains(_store.Series(), series => series.StartsWith("traces_spanmetrics_calls_total{service=\"web\"", StringComparison.Ordinal)
            && series.Contains("tenant=\"red\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_size_of_a_span_is_that_of_its_protobuf()
    {
        using var metrics = Metrics();
        // 18 trace id, 10 span id, 18 times, 2 kind, 7 name, and the attribute: 2 + 5 key, 2 + 2 + 3 value.
        metrics.Add(Some.Batch("web", Server(1, 3) with { Attributes = [new SpanAttribute("key", AttributeValue.OfText("abc"))] }));
        Pass(metrics, TimeSpan.FromSeconds(15));
        Assert.Equal("0 69", _store.Values($"traces_spanmetrics_size_total{{{TempoLabels}}}"));
    }

    [Fact]
    public void The_last_counts_are_written_at_the_end()
    {
        using (var metrics = Metrics())
        {
            metrics.Add(Some.Batch("web", Server(1, 3)));
            _time.Step(Start.AddSeconds(5));
        }
        Assert.Equal("0 1", _store.Values($"traces_span_metrics_calls_total{{{JaegerLabels}}}"));
    }

    [Fact]
    public async Task Known_names_allocate_nothing()
    {
        await using var store = MetricStore.OpenInMemory(_meter);
        using var metrics = new SpanMetrics(
            store, _dependencies, SpanMetricsOptions.Default, _time, NullLogger.Instance, _meter);
        var batch = new SpanBatch();
        var bytes = double.PositiveInfinity;
        var id = 1UL;
        for (var round = 0; round < 60; round++)
        {
            batch.Clear();
            for (var i = 0; i < 10; i++)
            {
                Some.Add(batch, $"service {i}");
                for (var j = 0; j < 100; j++, id++)
                {
                    // A parent in the service before it, which has been sent: each span is an edge and a call.
                    ref var row = ref batch.BeginSpan();
                    (row.TraceId, row.SpanId, row.ParentSpanId) = (new TraceId(1, id / 1000), id, j == 0 && i > 0 ? id - 1 : 0);
                    (row.StartNs, row.EndNs, row.Kind) = (1_700_000_000_000_000_000, 1_700_000_000_000_000_000 + j, (SpanKind)(j % 4));
                    row.Name = batch.Keep(j % 2 == 0 ? "GET /orders"u8 : "SELECT"u8);
                }
            }
            var before = GC.GetAllocatedBytesForCurrentThread();
            metrics.Add(batch);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task The_metric_store_has_the_exemplars()
    {
        await using var store = MetricStore.OpenInMemory(_meter);
        using (var metrics = new SpanMetrics(
            store, _dependencies, SpanMetricsOptions.Default, TimeProvider.System, NullLogger.Instance, _meter))
        {
            metrics.Add(Some.Batch("web", Server(0xabc, 3)));
        }
        var found = store.Exemplars(
            [[new LabelMatcher(Storage.Model.MatchType.Equal, "__name__", "traces_span_metrics_duration_milliseconds_bucket")]], 0, long.MaxValue,
            TestContext.Current.CancellationToken);
        Assert.Equal("00000000000000000000000000000abc", Assert.Single(Assert.Single(found).Exemplars).Labels["trace_id"]);
    }

    private SpanMetrics Metrics(SpanMetricsOptions? options = null) =>
        new(_store, _dependencies, options ?? SpanMetricsOptions.Default, _time, NullLogger.Instance, _meter);

    private static Span Server(ulong trace, long milliseconds) => Some.Span(trace, 1, "GET /") with
    {
        Kind = SpanKind.Server,
        StartNs = 1_700_000_000_000_000_000,
        EndNs = 1_700_000_000_000_000_000 + (milliseconds * 1_000_000),
    };

    private string Buckets(string name) => string.Join(' ', _store.All().Where(series => series.Labels.MetricName == name)
        .OrderBy(series => series.Labels["le"] == "+Inf" ? double.PositiveInfinity
            : double.Parse(series.Labels["le"], System.Globalization.CultureInfo.InvariantCulture))
        .Select(series => $"{series.Labels["le"]}:{series.Samples[^1].Value}"));

    private static string Bucket(string name, string labels, string bound) => $"{name}{{le=\"{bound}\", {labels}}}";

    /// <summary>Lets time pass up to a moment after the start, with what happens every quarter of a minute.</summary>
    private void Pass(SpanMetrics metrics, TimeSpan until)
    {
        while (_time.GetUtcNow() < Start + until)
        {
            _time.Step(_time.GetUtcNow().AddSeconds(15));
            metrics.Write();
        }
    }
}
