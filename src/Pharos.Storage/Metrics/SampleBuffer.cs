using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Metrics;

/// <summary>Growing columns, timestamps (ms) and values, that a caller reuses from series to series; native histograms and
/// start times have columns of their own, which exist only while they are needed.</summary>
/// <param name="capacity">How many samples there is room for at first.</param>
public sealed class SampleBuffer(int capacity = SampleBuffer.DefaultCapacity)
{
    private const int DefaultCapacity = 256;

    private long[] _timestamps = new long[capacity];
    private double[] _values = new double[capacity];
    private NativeHistogram?[]? _histograms;
    private long[]? _startTimes;

    public int Count { get; private set; }

    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, Count);

    /// <summary>For a histogram its sum.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Per sample the histogram, or null for a number. Empty where all are numbers.</summary>
    public ReadOnlySpan<NativeHistogram?> Histograms => HasHistograms ? _histograms.AsSpan(0, Count) : default;

    /// <summary>Per sample when its counter began (ms), 0 where that is not known. Empty where it is known of none.</summary>
    public ReadOnlySpan<long> StartTimes => HasStartTimes ? _startTimes.AsSpan(0, Count) : default;

    public bool HasHistograms { get; private set; }

    /// <summary>Who reads asks only at which times there are samples: the values need not be true, except that staleness markers are
    /// where they are and nowhere else. Stays as it is set.</summary>
    public bool AsksForPresence { get; set; }

    public bool HasStartTimes { get; private set; }

    public void Clear() => Truncate(0);

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

    /// <param name="histogram">Null for a number, which is then <paramref name="value"/>.</param>
    /// <param name="startTimeMs">0 where it is not known.</param>
    public void Add(long timestampMs, double value, NativeHistogram? histogram, long startTimeMs)
    {
        Add(timestampMs, histogram?.Sum ?? value);
        if (histogram is not null)
        {
            HasHistograms = true;
            _histograms ??= new NativeHistogram?[_timestamps.Length];
            _histograms[Count - 1] = histogram;
        }
        if (startTimeMs != 0)
        {
            HasStartTimes = true;
            _startTimes ??= new long[_timestamps.Length];
            _startTimes[Count - 1] = startTimeMs;
        }
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

    /// <summary>Brings samples that came in any order into that of time; of those with one timestamp the last stays.</summary>
    public void SortByTime() => SampleOrder.Restore(this, 0);

    /// <summary>Adds one sample, whatever it is, to another buffer.</summary>
    public void CopyTo(SampleBuffer target, int index) => target.Add(_timestamps[index], _values[index],
        HasHistograms ? _histograms![index] : null, HasStartTimes ? _startTimes![index] : 0);

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

    internal SeriesSample SampleAt(int index) => new(_timestamps[index], _values[index],
        HasHistograms ? _histograms![index] : null, HasStartTimes ? _startTimes![index] : 0);

    /// <summary>Forgets all but the first <paramref name="count"/> samples.</summary>
    internal void Truncate(int count)
    {
        // What lies behind the end is always empty in the optional columns, so that adding a number need not touch them.
        if (HasHistograms)
        {
            _histograms.AsSpan(count, Count - count).Clear();
        }
        if (HasStartTimes)
        {
            _startTimes.AsSpan(count, Count - count).Clear();
        }
        Count = count;
        HasHistograms &= count > 0;
        HasStartTimes &= count > 0;
    }

    private void Grow(int needed)
    {
        var size = Math.Max(needed, _timestamps.Length * 2);
        Array.Resize(ref _timestamps, size);
        Array.Resize(ref _values, size);
        if (_histograms is not null)
        {
            Array.Resize(ref _histograms, size);
        }
        if (_startTimes is not null)
        {
            Array.Resize(ref _startTimes, size);
        }
    }
}
