namespace Pharos.Instrumentation.Exposition;

/// <summary>One label set of an instrument with what was measured under it. Its own lock guards its values.</summary>
/// <remarks>A histogram's buckets are its own, not cumulative.</remarks>
internal sealed class Series(LabelText labels, InstrumentKind kind, double[] boundaries, bool native, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = kind == InstrumentKind.Histogram ? new long[boundaries.Length + 1] : [];
    private readonly NativeBuckets? _native = kind == InstrumentKind.Histogram && native ? new NativeBuckets() : null;
    private TraceExemplar[]? _exemplars;
    private double _value;

    public LabelText Labels { get; } = labels;

    /// <summary>When the series began: a counter's zero.</summary>
    public long CreatedMs { get; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The collection in which an observed series was last seen; it is not shown after that.</summary>
    public long Seen { get; private set; }

    public void Record(double value, long collection)
    {
        var hasExemplar = TraceExemplar.TryTake(value, time, out var exemplar);
        lock (_lock)
        {
            var bucket = 0;
            switch (kind)
            {
                case InstrumentKind.Histogram:
                    bucket = BucketOf(value);
                    _buckets[bucket]++;
                    _value += value;
                    _native?.Record(value);
                    break;
                case InstrumentKind.Counter:
                    _value += value;
                    break;
                case InstrumentKind.UpDownCounter:
                    _value += value;
                    return;
                case InstrumentKind.ObservedCounter or InstrumentKind.ObservedUpDownCounter or InstrumentKind.ObservedGauge:
                    // Two observations of one series in one collection add up, as measurements of a counter do.
                    _value = Seen == collection && kind != InstrumentKind.ObservedGauge ? _value + value : value;
                    Seen = collection;
                    return;
                default:
                    _value = value;
                    return;
            }
            if (hasExemplar)
            {
                _exemplars ??= new TraceExemplar[Math.Max(1, _buckets.Length)];
                _exemplars[bucket] = exemplar;
            }
        }
    }

    /// <summary>Copies a consistent state, so that writing it holds up nobody who measures.</summary>
    public void CopyTo(SeriesCopy copy)
    {
        lock (_lock)
        {
            copy.Take(_value, _buckets, _exemplars, _native);
        }
    }

    /// <summary>The first bucket whose upper bound is not below the value; bounds are inclusive.</summary>
    private int BucketOf(double value)
    {
        var at = 0;
        while (at < boundaries.Length && !(value <= boundaries[at]))
        {
            at++;
        }
        return at;
    }
}
