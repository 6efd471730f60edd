using Pharos.Storage.Appending;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Memory;

/// <summary>Every span in a list: what a trace store means, without any thought of speed. The oracle of the real one.</summary>
public sealed class MemoryTraceStore : ITraceStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, TraceId Id), List<Span>> _traces = [];
    private readonly Watchers<SpanBatch> _watchers = new();

    public void Append(SpanBatch batch)
    {
        lock (_lock)
        {
            foreach (var span in batch.ToSpans())
            {
                if (!_traces.TryGetValue((batch.Tenant, span.TraceId), out var spans))
                {
                    _traces[(batch.Tenant, span.TraceId)] = spans = [];
                }
                if (!spans.Exists(known => SpanEquality.Same(known, span)))
                {
                    spans.Add(span);
                }
            }
        }
        _watchers.Tell(batch);
    }

    public Trace? Get(string tenant, TraceId id, int maxSpans = int.MaxValue)
    {
        lock (_lock)
        {
            if (!_traces.TryGetValue((tenant, id), out var spans))
            {
                return null;
            }
            var ordered = spans.OrderBy(span => span.StartNs).ThenBy(span => span.SpanId).ToList();
            return new Trace(id, ordered.Count > maxSpans ? ordered[..maxSpans] : ordered, Math.Max(0, ordered.Count - maxSpans));
        }
    }

    public IEnumerable<Trace> Find(TraceFilter filter, CancellationToken cancellation)
    {
        foreach (var summary in Summaries(filter, cancellation))
        {
            if (Get(filter.Tenant, summary.Id) is { } trace)
            {
                yield return trace;
            }
        }
    }

    public IEnumerable<TraceSummary> Summaries(TraceFilter filter, CancellationToken cancellation)
    {
        var found = new List<TraceSummary>();
        foreach (var spans in SpansOf(filter.Tenant))
        {
            var summary = TraceSummarizing.Summarize(spans);
            var facts = TraceFacts.Of(summary);
            if (spans.Any(span => SpanMatch.Satisfies(span, filter, facts)))
            {
                found.Add(summary);
            }
        }
        return found.OrderByDescending(summary => summary.StartNs).ThenBy(summary => summary.Id);
    }

    public IEnumerable<Span> Spans(TraceFilter filter, CancellationToken cancellation)
    {
        foreach (var spans in SpansOf(filter.Tenant))
        {
            var facts = TraceFacts.Of(TraceSummarizing.Summarize(spans));
            foreach (var span in spans)
            {
                if (SpanMatch.Satisfies(span, filter, facts))
                {
                    yield return span;
                }
            }
        }
    }

    public IReadOnlyList<string> Services(string tenant, long startNs, long endNs) =>
        [.. InRange(tenant, startNs, endNs).Select(span => span.Resource.ServiceName).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<OperationName> Operations(string tenant, string service, long startNs, long endNs) =>
    [
        .. InRange(tenant, startNs, endNs).Where(span => span.Resource.ServiceName == service)
            .Select(span => new OperationName(span.Name, span.Kind)).Distinct()
            .OrderBy(operation => operation.Name, StringComparer.Ordinal).ThenBy(operation => operation.Kind),
    ];

    public IReadOnlyList<string> AttributeKeys(string tenant, AttributeScopes scope, long startNs, long endNs, int limit) =>
    [
        .. InRange(tenant, startNs, endNs).SelectMany(span => AttributesOf(span, scope)).Select(attribute => attribute.Key).Distinct()
            .Order(StringComparer.Ordinal).Take(limit),
    ];

    public IReadOnlyList<AttributeValue> AttributeValues(
        string tenant, AttributeScopes scopes, string key, long startNs, long endNs, int limit) =>
    [
        .. InRange(tenant, startNs, endNs).SelectMany(span => AttributesOf(span, scopes)).Where(attribute => attribute.Key == key)
            .Select(attribute => attribute.Value).Distinct().Take(limit),
    ];

    public IDisposable Watch(Action<SpanBatch> appended) => _watchers.Add(appended);

    public void Flush(CancellationToken cancellation)
    {
    }

    public TraceStoreStatus Status()
    {
        lock (_lock)
        {
            return new TraceStoreStatus(_traces.Values.Sum(spans => (long)spans.Count), 0, 0, 0, 0);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<Span[]> SpansOf(string tenant)
    {
        lock (_lock)
        {
            return [.. _traces.Where(trace => trace.Key.Tenant == tenant).Select(trace => trace.Value.ToArray())];
        }
    }

    private IEnumerable<Span> InRange(string tenant, long startNs, long endNs) =>
        SpansOf(tenant).SelectMany(spans => spans).Where(span => span.StartNs >= startNs && span.StartNs < endNs);

    private static IEnumerable<SpanAttribute> AttributesOf(Span span, AttributeScopes scopes) =>
    [
        .. scopes.HasFlag(AttributeScopes.Span) ? span.Attributes : [],
        .. scopes.HasFlag(AttributeScopes.Resource) ? span.Resource.Attributes : [],
        .. scopes.HasFlag(AttributeScopes.Scope) ? span.Scope.Attributes : [],
        .. scopes.HasFlag(AttributeScopes.Event) ? span.Events.SelectMany(happened => happened.Attributes) : [],
        .. scopes.HasFlag(AttributeScopes.Link) ? span.Links.SelectMany(link => link.Attributes) : [],
    ];
}
