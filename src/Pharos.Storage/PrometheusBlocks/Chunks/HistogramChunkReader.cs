using System.Collections.Immutable;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Encodings 2, 3, 5 and 6: one layout, then deltas of deltas (integer counts) or XORs (others) column by column
/// (Prometheus: chunkenc/histogram.go, float_histogram.go).</summary>
internal ref struct HistogramChunkReader
{
    /// <summary>The number of samples, and the flags (or, with start times, their header).</summary>
    public const int HeaderBytes = 3;

    private readonly bool _integers;
    private readonly HistogramLayout _layout;
    private readonly IHistogramColumn[] _columns;
    private readonly int _positives;
    private BitReader _reader;
    private ulong _sumBits;
    private XorWindow _sumWindow;

    private HistogramChunkReader(BitReader reader, bool integers)
    {
        _reader = reader;
        _integers = integers;
        _layout = HistogramLayout.Read(ref _reader);
        _positives = _layout.PositiveCount;
        // Count, zero count, then the buckets.
        _columns = new IHistogramColumn[2 + _positives + _layout.NegativeCount];
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i] = integers ? new IntegerColumn(isSigned: i >= 2) : new FloatColumn();
        }
    }

    /// <param name="starts">The header of the start times, or null where the encoding has none.</param>
    public static void Decode(BitReader reader, int count, bool integers, byte resetHeader, byte? starts,
        (long MinTimeMs, long MaxTimeMs) range, SampleBuffer into)
    {
        if (count == 0)
        {
            return;
        }
        var chunk = new HistogramChunkReader(reader, integers);
        var startTimes = new StartTimes(starts ?? 0);
        long timestampMs = 0;
        long delta = 0;
        for (var i = 0; i < count; i++)
        {
            var before = timestampMs;
            var number = chunk._reader.VarbitInt();
            delta = i == 0 ? 0 : unchecked(delta + number);
            timestampMs = i == 0 ? number : unchecked(timestampMs + delta);
            chunk.ReadSample(i == 0);
            if (starts is not null)
            {
                startTimes.Read(ref chunk._reader, i, timestampMs, before);
            }
            if (timestampMs >= range.MinTimeMs && timestampMs <= range.MaxTimeMs)
            {
                into.Add(timestampMs, 0, chunk.Histogram(ResetHeader.Hint(resetHeader, i)), startTimes.StartTimeMs);
            }
        }
    }

    private void ReadSample(bool isFirst)
    {
        _columns[0].Read(ref _reader, isFirst);
        _columns[1].Read(ref _reader, isFirst);
        _sumBits = isFirst ? _reader.Bits(64) : _sumWindow.Read(ref _reader, _sumBits);
        if (StaleMarker.Is(BitConverter.UInt64BitsToDouble(_sumBits)))
        {
            return;
        }
        foreach (var column in _columns.AsSpan(2))
        {
            column.Read(ref _reader, isFirst);
        }
    }

    private readonly NativeHistogram Histogram(CounterResetHint hint)
    {
        var sum = BitConverter.UInt64BitsToDouble(_sumBits);
        if (StaleMarker.Is(sum))
        {
            return NativeHistogram.Stale;
        }
        return new NativeHistogram
        {
            Schema = _layout.Schema,
            ResetHint = hint,
            ZeroThreshold = _layout.ZeroThreshold,
            Count = _columns[0].Value,
            ZeroCount = _columns[1].Value,
            Sum = sum,
            PositiveSpans = _layout.PositiveSpans,
            PositiveBuckets = Buckets(_columns.AsSpan(2, _positives)),
            NegativeSpans = _layout.NegativeSpans,
            NegativeBuckets = Buckets(_columns.AsSpan(2 + _positives)),
            CustomBounds = _layout.CustomBounds,
            HasIntegerCounts = _integers,
        };
    }

    /// <summary>Integer buckets are stored as differences to the bucket before, others as they are.</summary>
    private readonly ImmutableArray<double> Buckets(ReadOnlySpan<IHistogramColumn> columns)
    {
        var buckets = ImmutableArray.CreateBuilder<double>(columns.Length);
        double running = 0;
        foreach (var column in columns)
        {
            running = _integers ? running + column.Value : column.Value;
            buckets.Add(running);
        }
        return buckets.MoveToImmutable();
    }
}
