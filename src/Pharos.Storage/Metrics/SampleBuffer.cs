namespace Pharos.Storage.Metrics;

/// <summary>Two growing columns, timestamps (ms) and values, that a caller reuses from series to series.</summary>
public sealed class SampleBuffer
{
    private long[] _timestamps = new long[256];
    private double[] _values = new double[256];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, Count);

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(long timestampMs, double value)
    {
        if (Count == _timestamps.Length)
        {
            Grow(Count + 1);
        }
        _timestamps[Count] = timestampMs;
        _values[Count] = value;
        Count++;
    }

    public void Add(ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        if (Count + timestamps.Length > _timestamps.Length)
        {
            Grow(Count + timestamps.Length);
        }
        timestamps.CopyTo(_timestamps.AsSpan(Count));
        values.CopyTo(_values.AsSpan(Count));
        Count += timestamps.Length;
    }

    /// <summary>Room for <paramref name="count"/> more samples, to be written in place and then taken with
    /// <see cref="Advance"/>.</summary>
    internal void Reserve(int count, out Span<long> timestamps, out Span<double> values)
    {
        if (Count + count > _timestamps.Length)
        {
            Grow(Count + count);
        }
        timestamps = _timestamps.AsSpan(Count, count);
        values = _values.AsSpan(Count, count);
    }

    internal void Advance(int count) => Count += count;

    /// <summary>Forgets all but the first <paramref name="count"/> samples.</summary>
    internal void Truncate(int count) => Count = count;

    private void Grow(int needed)
    {
        var size = Math.Max(needed, _timestamps.Length * 2);
        Array.Resize(ref _timestamps, size);
        Array.Resize(ref _values, size);
    }
}
