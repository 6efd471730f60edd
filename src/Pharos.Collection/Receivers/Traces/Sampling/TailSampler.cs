using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces.Sampling;

/// <summary>Holds spans back until their trace can be judged, and stores those of traces that a policy keeps.</summary>
/// <remarks>Thread-safe. What waits is in memory only: a process that is killed loses it, although senders were told that it was taken.
/// That is what tail sampling costs, and why it is off unless it is asked for.</remarks>
public sealed class TailSampler : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ITraceStore _store;
    private readonly TailSamplingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Counter<long> _decided;
    private readonly Counter<long> _early;
    private readonly Counter<long> _lost;
    private readonly Dictionary<(string Tenant, TraceId Id), Pending> _waiting = [];

    /// <summary>In the order in which their first spans came; bounded as <see cref="_waiting"/> is.</summary>
    private readonly Queue<Pending> _order = [];
    private readonly Dictionary<(string Tenant, TraceId Id), bool> _decisions = [];
    private readonly Queue<(string Tenant, TraceId Id)> _decisionOrder = [];
    private readonly ITimer _timer;
    private int _spans;
    private long _second;
    private int _keptInSecond;

    public TailSampler(ITraceStore store, TailSamplingOptions options, TimeProvider time, ILogger logger, Meter meter)
    {
        (_store, _options, _time, _logger) = (store, options, time, logger);
        _decided = meter.CreateCounter<long>("pharos_tail_sampling_traces_total", null, "Traces that were decided on, by whether they are kept and why.");
        _early = meter.CreateCounter<long>("pharos_tail_sampling_early_total", null, "Traces that were decided on before their time, for want of room.");
        _lost = meter.CreateCounter<long>("pharos_tail_sampling_lost_spans_total", null, "Spans of traces to be kept that could not be stored.");
        meter.CreateObservableGauge("pharos_tail_sampling_pending_traces", () => _waiting.Count, null, "Traces that wait to be decided on.");
        _timer = time.CreateTimer(_ => Decide(), null, Interval, Interval);
    }

    /// <summary>Takes the spans of a batch, which is the caller's again afterwards.</summary>
    public void Add(SpanBatch batch)
    {
        var late = new List<Span>();
        lock (_lock)
        {
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var span in batch.ToSpans())
            {
                var key = (batch.Tenant, span.TraceId);
                if (_decisions.TryGetValue(key, out var keep))
                {
                    if (keep)
                    {
                        late.Add(span);
                    }
                    continue;
                }
                if (!_waiting.TryGetValue(key, out var pending))
                {
                    _waiting[key] = pending = new Pending(batch.Tenant, span.TraceId, nowMs + (long)_options.Wait.TotalMilliseconds);
                    _order.Enqueue(pending);
                }
                pending.Spans.Add(span);
                _spans++;
                while (_waiting.Count > _options.MaxTraces || _spans > _options.MaxSpans)
                {
                    _early.Add(1);
                    var oldest = _order.Dequeue();
                    if (Judge(oldest, nowMs))
                    {
                        Store(oldest.Tenant, oldest.Spans);
                    }
                }
            }
        }
        Store(batch.Tenant, late);
    }

    /// <summary>Decides on what has waited long enough.</summary>
    public void Decide() => Decide(_time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Decides on all that waits.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Decide(long.MaxValue);
    }

    private void Decide(long dueMs)
    {
        var kept = new List<Pending>();
        lock (_lock)
        {
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (_order.TryPeek(out var pending) && pending.DueMs <= dueMs)
            {
                _order.Dequeue();
                if (Judge(pending, nowMs))
                {
                    kept.Add(pending);
                }
            }
        }
        foreach (var tenant in kept.GroupBy(static pending => pending.Tenant, StringComparer.Ordinal))
        {
            Store(tenant.Key, [.. tenant.SelectMany(static pending => pending.Spans)]);
        }
    }

    private bool Judge(Pending pending, long nowMs)
    {
        _waiting.Remove((pending.Tenant, pending.Id));
        _spans -= pending.Spans.Count;
        if (nowMs / 1000 != _second)
        {
            (_second, _keptInSecond) = (nowMs / 1000, 0);
        }
        var decision = TailDecision.Of(_options, pending.Spans, (_options.SpansPerSecond ?? 0) - _keptInSecond);
        _keptInSecond += decision.Reason == "rate" ? pending.Spans.Count : 0;
        _decided.Add(
            1, new KeyValuePair<string, object?>("kept", decision.Keep ? "true" : "false"), new KeyValuePair<string, object?>("reason", decision.Reason));
        var key = (pending.Tenant, pending.Id);
        if (_decisions.TryAdd(key, decision.Keep))
        {
            _decisionOrder.Enqueue(key);
            if (_decisionOrder.Count > _options.MaxDecisions)
            {
                _decisions.Remove(_decisionOrder.Dequeue());
            }
        }
        return decision.Keep;
    }

    private void Store(string tenant, List<Span> spans)
    {
        if (spans.Count == 0)
        {
            return;
        }
        var batch = new SpanBatch { Tenant = tenant };
        foreach (var span in spans)
        {
            batch.Add(span);
        }
        try
        {
            _store.Append(batch);
        }
        catch (IOException e)
        {
            _lost.Add(spans.Count);
            _logger.LogError(e, "Spans of traces that are to be kept cannot be stored");
        }
    }

    private sealed record Pending(string Tenant, TraceId Id, long DueMs)
    {
        public List<Span> Spans { get; } = [];
    }
}
