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

    private void Grow(int needed)
    {
        var size = Math.Max(needed, _timestamps.Length * 2);
        Array.Resize(ref _timestamps, size);
        Array.Resize(ref _values, size);
    }
}
