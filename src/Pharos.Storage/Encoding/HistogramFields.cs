using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Encoding;

/// <summary>The counts of the histogram that was packed or unpacked last, which the next one is told from.</summary>
/// <remarks>One flat list: count, zero count, positive buckets, negative buckets. Writer and reader keep the same state and
/// call the same members in the same order.</remarks>
internal sealed class HistogramFields
{
    private const int FirstBucket = 2;

    private double[] _values = new double[FirstBucket];
    private long[] _deltas = new long[FirstBucket];
    private XorWindow[] _windows = [];

    public HistogramLayout Layout { get; private set; } = HistogramLayout.None;

    public int Count => _values.Length;

    /// <summary>Goes on with another layout: counts of buckets that both have are kept, all else starts from zero.</summary>
    public void Begin(HistogramLayout layout)
    {
        var values = new double[FirstBucket + layout.PositiveCount + layout.NegativeCount];
        _values.AsSpan(0, FirstBucket).CopyTo(values);
        if (layout.Schema == Layout.Schema)
        {
            Carry(Layout.PositiveSpans, FirstBucket, layout.PositiveSpans, values.AsSpan(FirstBucket, layout.PositiveCount));
            Carry(Layout.NegativeSpans, FirstBucket + Layout.PositiveCount, layout.NegativeSpans,
                values.AsSpan(FirstBucket + layout.PositiveCount));
        }
        _values = values;
        _deltas = layout.IsXor ? [] : new long[values.Length];
        _windows = layout.IsXor ? new XorWindow[values.Length] : [];
        Layout = layout;
    }

    public void Write(ref BitWriter bits, NativeHistogram histogram)
    {
        Write(ref bits, 0, histogram.Count);
        Write(ref bits, 1, histogram.ZeroCount);
        var at = FirstBucket;
        foreach (var count in histogram.PositiveBuckets)
        {
            Write(ref bits, at++, count);
        }
        foreach (var count in histogram.NegativeBuckets)
        {
            Write(ref bits, at++, count);
        }
    }

    /// <summary>Reads all fields of the next histogram.</summary>
    public void Read(ref BitReader bits)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (Layout.IsXor)
            {
                _values[i] = BitConverter.UInt64BitsToDouble(
                    bits.Value(BitConverter.DoubleToUInt64Bits(_values[i]), ref _windows[i]));
            }
            else
            {
                _deltas[i] = unchecked(_deltas[i] + bits.Number());
                _values[i] = unchecked((long)_values[i] + _deltas[i]);
            }
        }
    }

    public NativeHistogram ToHistogram(double sum, CounterResetHint hint) => new()
    {
        Schema = Layout.Schema,
        ResetHint = hint,
        ZeroThreshold = Layout.ZeroThreshold,
        Count = _values[0],
        ZeroCount = _values[1],
        Sum = sum,
        PositiveSpans = Layout.PositiveSpans,
        PositiveBuckets = Buckets(FirstBucket, Layout.PositiveCount),
        NegativeSpans = Layout.NegativeSpans,
        NegativeBuckets = Buckets(FirstBucket + Layout.PositiveCount, Layout.NegativeCount),
        CustomBounds = Layout.CustomBounds,
        HasIntegerCounts = Layout.HasIntegerCounts,
    };

    private void Write(ref BitWriter bits, int field, double value)
    {
        if (Layout.IsXor)
        {
            bits.Value(BitConverter.DoubleToUInt64Bits(value), BitConverter.DoubleToUInt64Bits(_values[field]),
                ref _windows[field]);
        }
        else
        {
            var delta = (long)value - (long)_values[field];
            bits.Number(delta - _deltas[field]);
            _deltas[field] = delta;
        }
        _values[field] = value;
    }

    private void Carry(ImmutableArray<BucketSpan> from, int fromField, ImmutableArray<BucketSpan> to, Span<double> into)
    {
        var known = new Dictionary<long, double>();
        foreach (var index in Indexes(from))
        {
            known[index] = _values[fromField++];
        }
        var at = 0;
        foreach (var index in Indexes(to))
        {
            into[at++] = known.GetValueOrDefault(index);
        }
    }

    private static IEnumerable<long> Indexes(ImmutableArray<BucketSpan> spans)
    {
        var index = 0L;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++)
            {
                yield return index++;
            }
        }
    }

    private ImmutableArray<double> Buckets(int from, int count) =>
        ImmutableCollectionsMarshal.AsImmutableArray(_values[from..(from + count)]);
}
