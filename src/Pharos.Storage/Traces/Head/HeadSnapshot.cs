using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Head;

/// <summary>What a head had at one moment. Immutable; thread-safe.</summary>
internal sealed class HeadSnapshot(TraceHead head, SpanRecord[] records, HeadSpan[] spans, int spanCount, HeadTrace[] traces)
{
    private volatile int[]? _newestFirst;

    public SpanRecord[] Records => records;

    public HeadTrace[] Traces => traces;

    /// <summary>Numbers of traces: by tenant, then the newest start first, then by id.</summary>
    public int[] NewestFirst => _newestFirst ??= Ordered();

    /// <summary>The number of a trace; -1 where there is none.</summary>
    public int Find(string tenant, TraceId id) => head.Find(tenant, id) is var number && number < traces.Length ? number : -1;

    /// <summary>Where the spans of a trace are, as they came.</summary>
    public HeadPlaces Places(int trace) => new(spans, traces[trace].First, spanCount);

    private int[] Ordered()
    {
        // A new snapshot is made for each question while spans come in: numbers are sorted far faster than traces are compared.
        var (order, starts) = (new int[traces.Length], new long[traces.Length]);
        var isOfOneTenant = true;
        for (var i = 0; i < order.Length; i++)
        {
            // Turns the order around without overflowing.
            (order[i], starts[i]) = (i, ~traces[i].StartNs);
            isOfOneTenant &= ReferenceEquals(traces[i].Tenant, traces[0].Tenant) || traces[i].Tenant == traces[0].Tenant;
        }
        if (!isOfOneTenant)
        {
            Array.Sort(order, Compare);
            return order;
        }
        Array.Sort(starts, order);
        for (var first = 0; first < order.Length;)
        {
            var end = first + 1;
            while (end < order.Length && starts[end] == starts[first])
            {
                end++;
            }
            if (end - first > 1)
            {
                Array.Sort(order, first, end - first, Comparer<int>.Create(Compare));
            }
            first = end;
        }
        return order;
    }

    private int Compare(int left, int right)
    {
        ref var a = ref traces[left];
        ref var b = ref traces[right];
        return !ReferenceEquals(a.Tenant, b.Tenant) && string.CompareOrdinal(a.Tenant, b.Tenant) is var byTenant and not 0 ? byTenant
            : b.StartNs.CompareTo(a.StartNs) is var byTime and not 0 ? byTime
            : a.Id.CompareTo(b.Id);
    }
}
