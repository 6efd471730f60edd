using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Traces.Dependencies;
using Pharos.Collection.Receivers.Traces.Graphs;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>Counts spans as they come in, and writes what it counted into the metric store as if it were scraped: span metrics, the
/// service graph, what resources say of themselves. Calls between services go into their own store.</summary>
/// <remarks>Thread-safe. A known span name costs no memory. The lock is held for one batch at a time, and while the series are written,
/// but not while they are committed.</remarks>
public sealed class SpanMetrics : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly IMetricStore _store;
    private readonly SpanMetricsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ServiceNames _names;
    private readonly SpanSeriesTable _series;
    private readonly ServiceGraph _graph;
    private readonly DependencyTracker _dependencies;
    private readonly TargetInfos _targets;
    private readonly ITimer _timer;
    private int[] _services = new int[16];
    private long _writtenMs;
    private bool _isDescribed;
    private bool _disposed;

    public SpanMetrics(
        IMetricStore store, DependencyStore dependencies, SpanMetricsOptions options, TimeProvider time, ILogger logger, Meter meter)
    {
        (_store, _options, _time, _logger) = (store, options, time, logger);
        _names = new ServiceNames(options.MaxServices);
        _series = new SpanSeriesTable(options, _names);
        _graph = new ServiceGraph(options, _names);
        _dependencies = new DependencyTracker(dependencies, _names, options);
        _targets = new TargetInfos(options.MaxTargets);
        _writtenMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        Instrument(meter, dependencies);
        _timer = time.CreateTimer(_ => Write(), null, options.Interval, options.Interval);
    }

    /// <summary>Counts the spans of a batch, which is not changed.</summary>
    public void Add(SpanBatch batch)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            if (_services.Length < batch.ResourceCount)
            {
                Array.Resize(ref _services, batch.ResourceCount);
            }
            for (var i = 0; i < batch.ResourceCount; i++)
            {
                _services[i] = _names.Of(batch.Tenant, batch.ServiceOf(i));
                if (_options.TargetInfo)
                {
                    _targets.Add(batch, i, nowMs);
                }
            }
            _graph.Expire(nowMs);
            var hasSeries = _options.JaegerNames || _options.TempoNames;
            for (var i = 0; i < batch.Count; i++)
            {
                ref readonly var row = ref batch[i];
                var service = _services[batch.Scope(row.ScopeIndex).Resource];
                if (hasSeries)
                {
                    _series.Of(service, batch.Text(row.Name), row.Kind, row.Status).Add(
                        row.EndNs - row.StartNs, _options.TempoNames ? SpanSize.Of(batch, row) : 0,
                        new ExemplarPoint(row.TraceId, row.SpanId, 0, nowMs));
                }
                if (_options.ServiceGraph)
                {
                    _graph.Add(batch, row, service, nowMs);
                }
                if (_options.Dependencies)
                {
                    _dependencies.Add(row, service, nowMs);
                }
            }
        }
    }

    /// <summary>Writes every series into the metric store, and ends those that no span has changed for too long.</summary>
    public void Write()
    {
        lock (_writing)
        {
            if (_disposed)
            {
                return;
            }
            try
            {
                if (!HasAny())
                {
                    return;
                }
                Describe();
                using var appender = _store.Appender();
                var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
                var writer = new SampleWriter(appender, nowMs, _writtenMs + 1);
                var endsBeforeMs = nowMs - (long)_options.Idle.TotalMilliseconds;
                lock (_lock)
                {
                    _graph.Expire(nowMs);
                    _series.Write(writer, endsBeforeMs);
                    _graph.Write(writer, endsBeforeMs);
                    _targets.Write(writer, endsBeforeMs);
                }
                _writtenMs = nowMs;
                appender.Commit();
            }
            catch (IOException e)
            {
                // Counters go on counting: the next time says all.
                _logger.LogError(e, "Metrics of spans cannot be written");
            }
        }
    }

    /// <summary>Writes what was counted last, and nothing afterwards.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Write();
        lock (_writing)
        {
            _disposed = true;
        }
    }

    /// <summary>Whether anything is there to be written: without spans the metric store is left alone.</summary>
    private bool HasAny()
    {
        lock (_lock)
        {
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            _graph.Expire(nowMs);
            if (_series.Count + _graph.EdgeCount + _targets.Count > 0)
            {
                return true;
            }
            _writtenMs = nowMs;
            return false;
        }
    }

    private void Instrument(Meter meter, DependencyStore dependencies)
    {
        Observe("pharos_span_metrics_names", "Span names that are counted apart, with service, kind and status.", () => _series.Count);
        Count("pharos_span_metrics_overflowed_total", "Spans that were counted as __cardinality_overflow__.", () => _series.Overflowed);
        Observe("pharos_span_metrics_targets", "Resources of which traces_target_info tells.", () => _targets.Count);
        Count("pharos_span_metrics_targets_overflowed_total", "Times that a resource beyond the limit came.", () => _targets.Overflowed);
        Observe("pharos_service_graph_edges", "Edges of the service graph.", () => _graph.EdgeCount);
        Observe("pharos_service_graph_pending_spans", "Spans that wait for the other side of their call.", () => _graph.PendingCount);
        Count("pharos_service_graph_dropped_spans_total", "Spans that could not wait, because too many did.", () => _graph.Dropped);
        Count("pharos_service_graph_unpaired_spans_total", "Spans whose other side did not come.", () => _graph.Unpaired);
        Count("pharos_service_graph_overflowed_total", "Requests that were counted as __cardinality_overflow__.", () => _graph.Overflowed);
        Observe("pharos_dependencies_remembered_spans", "Spans that are remembered for their parents and children.",
            () => _dependencies.RememberedCount);
        Count("pharos_dependencies_ended_early_total", "Times that remembered spans were forgotten before their time.", () => _dependencies.EndedEarly);
        Count("pharos_dependencies_lost_calls_total", "Calls between services that were not counted for a limit.", () => dependencies.Lost);

        void Observe(string name, string help, Func<long> value) => meter.CreateObservableGauge(name, value, null, help);

        void Count(string name, string help, Func<long> value) => meter.CreateObservableCounter(name, value, null, help);
    }

    private void Describe()
    {
        if (_isDescribed)
        {
            return;
        }
        _isDescribed = true;
        foreach (var (name, type, help) in (ReadOnlySpan<(string, string, string)>)
            [
                ("traces_span_metrics_calls_total", "counter", "Spans, counted as they came in."),
                (HistogramForm.JaegerDuration.Name, "histogram", "How long spans took."),
                ("traces_spanmetrics_calls_total", "counter", "Spans, counted as they came in."),
                ("traces_spanmetrics_size_total", "counter", "Bytes of spans, as OTLP."),
                (HistogramForm.TempoLatency.Name, "histogram", "How long spans took."),
                (TargetInfos.Name, "gauge", "What a resource says of itself."),
                ("traces_service_graph_request_total", "counter", "Requests between two services."),
                ("traces_service_graph_request_failed_total", "counter", "Requests between two services that failed."),
                (HistogramForm.GraphServer.Name, "histogram", "How long requests took, as the server saw it."),
                (HistogramForm.GraphClient.Name, "histogram", "How long requests took, as the client saw it."),
                (HistogramForm.GraphMessaging.Name, "histogram", "How long messages were on their way."),
            ])
        {
            _store.SetMetadata(name, new MetricMetadata(type, help, ""));
        }
    }
}
