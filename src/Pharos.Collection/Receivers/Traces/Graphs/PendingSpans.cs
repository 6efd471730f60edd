namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>Spans that wait for the other side of their call, a bounded number for a bounded time.</summary>
/// <remarks>Not thread-safe. All wait equally long, so they go in the order in which they came.</remarks>
internal sealed class PendingSpans(int most)
{
    private readonly Dictionary<SpanKey, int> _slots = [];

    /// <summary>A ring; made when it is needed. What was taken stays as a hole until its turn comes.</summary>
    private Slot[] _ring = [];
    private int _first;
    private int _used;

    /// <summary>Spans that wait now.</summary>
    public int Count => _slots.Count;

    /// <summary>The span that waits under a key, if it is of the other side; it waits no longer.</summary>
    public bool TryTake(in SpanKey key, bool wantsClient, out PendingSpan other)
    {
        other = default;
        if (!_slots.TryGetValue(key, out var slot) || _ring[slot].Span.IsClient != wantsClient)
        {
            return false;
        }
        other = _ring[slot].Span;
        _ring[slot].IsWaiting = false;
        return _slots.Remove(key);
    }

    /// <summary>Lets a span wait; false where too many do. One of the same side under the same key goes before.</summary>
    public bool Add(in PendingSpan span, long expiresMs)
    {
        if (_used >= most)
        {
            return false;
        }
        if (_ring.Length == 0)
        {
            _ring = new Slot[most];
        }
        var slot = (_first + _used) % most;
        if (_slots.TryAdd(span.Key, slot))
        {
            _ring[slot] = new Slot { Span = span, ExpiresMs = expiresMs, IsWaiting = true };
            _used++;
        }
        return true;
    }

    /// <summary>The next span that has waited long enough.</summary>
    public bool TryExpire(long nowMs, out PendingSpan span)
    {
        while (_used > 0)
        {
            ref var slot = ref _ring[_first];
            if (slot.IsWaiting && slot.ExpiresMs > nowMs)
            {
                break;
            }
            _first = (_first + 1) % most;
            _used--;
            if (slot.IsWaiting)
            {
                slot.IsWaiting = false;
                span = slot.Span;
                return _slots.Remove(span.Key);
            }
        }
        span = default;
        return false;
    }

    private struct Slot
    {
        public PendingSpan Span { get; set; }

        public long ExpiresMs { get; set; }

        public bool IsWaiting { get; set; }
    }
}
