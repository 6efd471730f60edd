using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Adds up what delta instruments report, so that their series are cumulative like all others.</summary>
/// <remarks>Thread-safe. A stream that is silent for long, or whose shape changes, begins anew, which readers see as a reset.
/// OpenTelemetry's collector does the same: deltatocumulativeprocessor.</remarks>
internal sealed class DeltaAccumulator(TimeProvider time)
{
    /// <summary>Bounds what is remembered; streams beyond it are refused.</summary>
    private const int MaxStreams = 1_000_000;

    /// <summary>Buckets of one sign, from the first that is not empty to the last: two points may lie far apart.</summary>
    private const int MaxBuckets = 10_000;

    /// <summary>Shifts by more would count modulo 32; this one leaves the sign only, too.</summary>
    private const int MaxShift = 31;

    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<LabelSet, Stream> _streams = [];
    private long _nextSweep;

    /// <summary>Turns a delta point into a cumulative one.</summary>
    /// <param name="series">The point's labels with its family's name.</param>
    /// <returns>False, with the reason, where the point cannot be added; it is then unchanged.</returns>
    public bool Add(LabelSet series, OtlpMetricKind kind, OtlpPoint point, out string reason)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Sweep(now);
            reason = "";
            if (point.HasNoRecordedValue)
            {
                _streams.Remove(series);
                return true;
            }
            if (!_streams.TryGetValue(series, out var stream))
            {
                if (_streams.Count >= MaxStreams)
                {
                    reason = $"more than {MaxStreams} delta streams";
                    return false;
                }
                _streams[series] = new Stream(point, now);
                return true;
            }
            if (point.TimeNanoseconds <= stream.Total.TimeNanoseconds)
            {
                reason = "delta point out of order";
                return false;
            }
            if (!Accumulate(kind, stream.Total, point))
            {
                reason = $"more than {MaxBuckets} buckets";
                return false;
            }
            _streams[series] = new Stream(point, now);
            return true;
        }
    }

    /// <summary>False where the sum would have more buckets than any histogram needs.</summary>
    private static bool Accumulate(OtlpMetricKind kind, OtlpPoint total, OtlpPoint point)
    {
        switch (kind)
        {
            case OtlpMetricKind.Sum:
                point.Value += total.Value;
                break;
            case OtlpMetricKind.Histogram when total.Bounds.SequenceEqual(point.Bounds)
                && total.BucketCounts.Count == point.BucketCounts.Count:
                for (var i = 0; i < point.BucketCounts.Count; i++)
                {
                    point.BucketCounts[i] += total.BucketCounts[i];
                }
                AddTotals(total, point);
                break;
            case OtlpMetricKind.ExponentialHistogram when Math.Min(total.Scale, point.Scale) >= NativeHistogram.MinSchema:
                var scale = Math.Min(total.Scale, point.Scale);
                if (Sum(total.Positive, total.Scale, point.Positive, point.Scale, scale) is not { } positive
                    || Sum(total.Negative, total.Scale, point.Negative, point.Scale, scale) is not { } negative)
                {
                    return false;
                }
                (point.Positive, point.Negative, point.Scale) = (positive, negative, scale);
                point.ZeroCount += total.ZeroCount;
                point.ZeroThreshold = Math.Max(point.ZeroThreshold, total.ZeroThreshold);
                AddTotals(total, point);
                break;
            default:
                return true;
        }
        point.StartNanoseconds = total.StartNanoseconds;
        return true;
    }

    private static void AddTotals(OtlpPoint total, OtlpPoint point)
    {
        point.Count += total.Count;
        point.Sum = point.Sum is { } sum && total.Sum is { } before ? sum + before : null;
    }

    private static OtlpBuckets? Sum(OtlpBuckets one, int oneScale, OtlpBuckets other, int otherScale, int scale)
    {
        var counts = new SortedDictionary<int, ulong>();
        foreach (var (buckets, shift) in new[] { (one, oneScale - scale), (other, otherScale - scale) })
        {
            for (var i = 0; i < buckets.Counts.Count; i++)
            {
                if (buckets.Counts[i] > 0)
                {
                    var index = (buckets.Offset + i) >> Math.Min(shift, MaxShift);
                    counts[index] = counts.GetValueOrDefault(index) + buckets.Counts[i];
                }
            }
        }
        if (counts.Count == 0)
        {
            return OtlpBuckets.None;
        }
        var first = counts.Keys.First();
        var length = (long)counts.Keys.Last() - first + 1;
        if (length > MaxBuckets)
        {
            return null;
        }
        var dense = Enumerable.Repeat(0UL, (int)length).ToList();
        foreach (var (index, count) in counts)
        {
            dense[index - first] = count;
        }
        return new OtlpBuckets(first, dense);
    }

    private void Sweep(long now)
    {
        if (now < _nextSweep)
        {
            return;
        }
        _nextSweep = now + (long)(MaxSilence.TotalSeconds * time.TimestampFrequency / 5);
        foreach (var (series, _) in _streams.Where(entry => time.GetElapsedTime(entry.Value.Seen, now) > MaxSilence).ToList())
        {
            _streams.Remove(series);
        }
    }

    private readonly record struct Stream(OtlpPoint Total, long Seen);
}
