using Pharos.Collection.Receivers.Traces.Graphs;
using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Collection.Receivers.Traces.Dependencies;

/// <summary>Finds, span by span, which are children of spans of other services, and counts those: what Jaeger counts when it walks all
/// traces, but as they come in.</summary>
/// <remarks>Not thread-safe. Parents and children come in any order. Those of the last minute or two are remembered, in two generations:
/// where the younger is full or old enough, the older is forgotten. Of spans that come again, and are still remembered, the second
/// counts nothing.</remarks>
internal sealed class DependencyTracker(DependencyStore store, ServiceNames names, SpanMetricsOptions options)
{
    private const int Nothing = -1;

    private readonly Dictionary<(int Parent, int Child), int> _edges = [];
    private readonly long _generationMs = (long)options.RememberedFor.TotalMilliseconds;
    private Generation _young = new();
    private Generation _old = new();
    private long _youngSinceMs = long.MinValue;

    /// <summary>Spans remembered now.</summary>
    public int RememberedCount => _young.Spans.Count + _old.Spans.Count;

    /// <summary>Generations that ended before their time, because they were full.</summary>
    public long EndedEarly { get; private set; }

    public void Add(in SpanRow row, int service, long nowMs)
    {
        if (row.SpanId == 0)
        {
            return;
        }
        Turn(nowMs);
        var key = new SpanKey(row.TraceId, row.SpanId);
        var known = Find(key);
        if (known.Slot != Nothing && known.Of[known.Slot].Service == service)
        {
            return;
        }
        var self = _young.Add(new Remembered
        {
            Service = service, Kind = row.Kind, StartMs = row.StartNs / 1_000_000, FirstWaiting = Nothing, NextWaiting = Nothing,
        });
        if (known.Slot != Nothing && known.Of[known.Slot].Service != Nothing)
        {
            AddShared(key, row, self, known.Of, known.Slot);
            return;
        }
        if (known.Slot != Nothing)
        {
            Answer(known.Of, known.Slot, service);
        }
        _young.Slots[key] = self;
        // A child of the same id may wait in the older generation, too.
        if (known.Of != _old && _old.Slots.TryGetValue(key, out var older) && _old[older].Service == Nothing)
        {
            Answer(_old, older, service);
        }
        Ask(row, self);
    }

    /// <summary>Zipkin's clients and servers share one id: the server's span is the client's child, and has the children.</summary>
    private void AddShared(in SpanKey key, in SpanRow row, int self, Generation others, int other)
    {
        if (row.Kind is SpanKind.Server or SpanKind.Consumer)
        {
            Count(others[other].Service, ref _young[self]);
            _young.Slots[key] = self;
            return;
        }
        if (row.Kind is SpanKind.Client or SpanKind.Producer)
        {
            Count(_young[self].Service, ref others[other]);
        }
        Ask(row, self);
    }

    /// <summary>Looks for a span's parent, or waits for it.</summary>
    private void Ask(in SpanRow row, int self)
    {
        if (row.ParentSpanId == 0 || row.ParentSpanId == row.SpanId)
        {
            return;
        }
        var key = new SpanKey(row.TraceId, row.ParentSpanId);
        var (of, slot) = Find(key);
        if (slot != Nothing && of[slot].Service != Nothing)
        {
            Count(of[slot].Service, ref _young[self]);
            return;
        }
        if (slot == Nothing || of != _young)
        {
            slot = _young.Add(new Remembered { Service = Nothing, FirstWaiting = Nothing, NextWaiting = Nothing });
            _young.Slots[key] = slot;
        }
        _young[self].NextWaiting = _young[slot].FirstWaiting;
        _young[slot].FirstWaiting = self;
    }

    /// <summary>The parent that others waited for is here.</summary>
    private void Answer(Generation of, int slot, int service)
    {
        for (var at = of[slot].FirstWaiting; at != Nothing; at = of[at].NextWaiting)
        {
            Count(service, ref of[at]);
        }
        of[slot].FirstWaiting = Nothing;
        of[slot].Service = service;
    }

    private void Count(int parent, ref Remembered child)
    {
        if (child.IsCounted)
        {
            return;
        }
        child.IsCounted = true;
        if (parent == child.Service)
        {
            return;
        }
        var pair = (parent, child.Service);
        if (!_edges.TryGetValue(pair, out var edge))
        {
            edge = store.EdgeOf(names[child.Service].Tenant, names[parent].Name, names[child.Service].Name);
            _edges[pair] = edge;
        }
        store.Add(edge, child.StartMs);
    }

    private (Generation Of, int Slot) Find(in SpanKey key) =>
        _young.Slots.TryGetValue(key, out var slot) ? (_young, slot)
            : _old.Slots.TryGetValue(key, out slot) ? (_old, slot)
            : (_young, Nothing);

    private void Turn(long nowMs)
    {
        var isFull = _young.Spans.Count >= options.MaxRemembered;
        if (_youngSinceMs == long.MinValue)
        {
            _youngSinceMs = nowMs;
        }
        if (!isFull && nowMs - _youngSinceMs < _generationMs)
        {
            return;
        }
        EndedEarly += isFull ? 1 : 0;
        (_young, _old) = (_old, _young);
        _young.Clear();
        _youngSinceMs = nowMs;
    }

    private sealed class Generation
    {
        public Dictionary<SpanKey, int> Slots { get; } = [];

        public List<Remembered> Spans { get; } = [];

        public ref Remembered this[int slot] => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Spans)[slot];

        public int Add(in Remembered span)
        {
            Spans.Add(span);
            return Spans.Count - 1;
        }

        public void Clear()
        {
            Slots.Clear();
            Spans.Clear();
        }
    }

    private struct Remembered
    {
        /// <summary>Negative for a span that only others speak of so far.</summary>
        public int Service { get; set; }

        public SpanKind Kind { get; set; }

        public long StartMs { get; set; }

        /// <summary>Whether its call is counted, or known to be none.</summary>
        public bool IsCounted { get; set; }

        /// <summary>The first of those that wait for it as their parent.</summary>
        public int FirstWaiting { get; set; }

        /// <summary>The next that waits for the same parent.</summary>
        public int NextWaiting { get; set; }
    }
}
