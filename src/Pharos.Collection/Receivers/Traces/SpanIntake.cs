using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Pharos.Collection.Receivers.Traces.Limits;
using Pharos.Collection.Receivers.Traces.Sampling;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces;

/// <summary>The one way in for spans, whatever protocol brings them: what is taken is stored when the call returns.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SpanIntake
{
    /// <summary>Sanitizers that are kept for the next batch.</summary>
    private const int MaxIdle = 16;

    private readonly ITraceStore _store;
    private readonly SpanLimits _limits;
    private readonly SpanIntakeMetrics _metrics;
    private readonly KnownServices _services = new();
    private readonly ConcurrentBag<SpanSanitizer> _idle = [];

    /// <param name="meter">Counts what comes in; without one nobody learns.</param>
    public SpanIntake(ITraceStore store, SpanLimits? limits = null, Meter? meter = null)
    {
        _store = store;
        _limits = limits ?? SpanLimits.Default;
        _metrics = new SpanIntakeMetrics(meter ?? new Meter("spans"));
    }

    /// <summary>Asked before spans of a service that has sent none so far are taken.</summary>
    public Func<bool> MayCreateServices { get; init; } = static () => true;

    /// <summary>Decides what is stored, once whole traces are here; null to store everything at once.</summary>
    public TailSampler? Sampler { get; init; }

    /// <summary>Sees every batch that was taken, on the sender's thread, and must not hold or change it.</summary>
    public Action<SpanBatch> Taken { get; init; } = static _ => { };

    /// <summary>Takes the spans of a batch, which is the caller's again afterwards, and may have been changed.</summary>
    /// <exception cref="IOException">They cannot be stored; the sender may try again.</exception>
    public SpanIntakeOutcome Accept(SpanBatch batch, SpanProtocol protocol = SpanProtocol.Unknown)
    {
        var sent = batch.Count;
        var outcome = Judge(batch);
        if (!outcome.Retry && batch.Count > 0)
        {
            Sanitize(batch);
            try
            {
                if (Sampler is { } sampler)
                {
                    sampler.Add(batch);
                }
                else
                {
                    _store.Append(batch);
                }
            }
            catch (IOException)
            {
                _metrics.Count(protocol, 0, sent);
                throw;
            }
            _services.Add(batch);
            Taken(batch);
        }
        var refused = outcome.Retry ? sent : (int)outcome.Rejected;
        _metrics.Count(protocol, sent - refused, refused);
        return outcome;
    }

    /// <summary>Takes out what is refused. A batch of which nothing could be taken now, but later, stays as it is.</summary>
    private SpanIntakeOutcome Judge(SpanBatch batch)
    {
        var rejected = 0;
        var message = "";
        if (batch.Count > _limits.BatchSpans)
        {
            rejected = batch.Count - _limits.BatchSpans;
            message = string.Create(CultureInfo.InvariantCulture, $"{rejected} spans beyond the limit of {_limits.BatchSpans} in one request");
            while (batch.Count > _limits.BatchSpans)
            {
                batch.RemoveLast();
            }
        }
        if (!MayCreateServices())
        {
            var kept = new bool[batch.Count];
            var known = 0;
            for (var i = 0; i < kept.Length; i++)
            {
                kept[i] = _services.Knows(batch, batch.Scope(batch[i].ScopeIndex).Resource);
                known += kept[i] ? 1 : 0;
            }
            if (known == 0 && kept.Length > 0)
            {
                return new SpanIntakeOutcome(0, "short of memory: spans of services that are new here are refused for now", true);
            }
            if (known < kept.Length)
            {
                rejected += kept.Length - known;
                message = string.Create(CultureInfo.InvariantCulture,
                    $"short of memory: {kept.Length - known} spans of services that are new here are refused");
                batch.Keep(kept);
            }
        }
        return rejected == 0 ? SpanIntakeOutcome.Taken : new SpanIntakeOutcome(rejected, message, false);
    }

    private void Sanitize(SpanBatch batch)
    {
        var sanitizer = _idle.TryTake(out var idle) ? idle : new SpanSanitizer(_limits);
        var changes = sanitizer.Apply(batch);
        if (_idle.Count < MaxIdle)
        {
            _idle.Add(sanitizer);
        }
        if (changes == default)
        {
            return;
        }
        foreach (var (what, count) in (ReadOnlySpan<(string, int)>)
            [("attributes", changes.Attributes), ("values", changes.Values), ("events", changes.Events), ("links", changes.Links)])
        {
            if (count > 0)
            {
                _metrics.Truncated(what, count);
            }
        }
        foreach (var (what, count) in (ReadOnlySpan<(string, int)>)
            [("encoding", changes.Encodings), ("name", changes.Names), ("duration", changes.Durations)])
        {
            if (count > 0)
            {
                _metrics.Sanitized(what, count);
            }
        }
    }
}
