using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions.Histograms;

/// <summary>The operators <c>&lt;/</c> and <c>&gt;/</c>: what of a histogram lies below or above a value.</summary>
/// <remarks>A bucket that holds the value is divided as <see cref="NativeQuantile"/> would. If anything is cut, count and sum are
/// counted anew, with every observation in the middle of what is left of its bucket. Buckets without an end are kept or dropped
/// whole, where their share cannot be told. Prometheus: model/histogram/float_histogram.go, TrimBuckets.</remarks>
internal sealed class HistogramTrim
{
    private readonly NativeHistogram _histogram;
    private readonly double _at;
    private readonly bool _keepBelow;
    private double _count;
    private double _sum;
    private bool _changed;

    private HistogramTrim(NativeHistogram histogram, double at, bool keepBelow)
    {
        _histogram = histogram;
        _at = at;
        _keepBelow = keepBelow;
    }

    public static NativeHistogram KeepBelow(NativeHistogram histogram, double value) =>
        new HistogramTrim(histogram, value, keepBelow: true).Trim();

    public static NativeHistogram KeepAbove(NativeHistogram histogram, double value) =>
        new HistogramTrim(histogram, value, keepBelow: false).Trim();

    private NativeHistogram Trim()
    {
        var positive = Side(_histogram.PositiveSide(), _histogram.PositiveBuckets, positive: true);
        var negative = Side(_histogram.NegativeSide(), _histogram.NegativeBuckets, positive: false);
        var zero = _histogram.ZeroCount > 0 ? Zero() : _histogram.ZeroCount;
        if (!_changed)
        {
            return _histogram;
        }
        return new NativeHistogram
        {
            Schema = _histogram.Schema,
            ResetHint = _histogram.ResetHint,
            ZeroThreshold = _histogram.ZeroThreshold,
            ZeroCount = zero,
            Count = _count,
            Sum = _sum,
            PositiveSpans = _histogram.PositiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = _histogram.NegativeSpans,
            NegativeBuckets = negative,
            CustomBounds = _histogram.CustomBounds,
        }.Compact();
    }

    private ImmutableArray<double> Side(IEnumerable<HistogramBucket> buckets, ImmutableArray<double> counts, bool positive)
    {
        var kept = counts.ToArray();
        var i = 0;
        foreach (var bucket in buckets)
        {
            if (bucket.Count != 0)
            {
                var (count, middle) = Keep(bucket, positive);
                Count(count, middle, bucket.Count);
                kept[i] = count;
            }
            i++;
        }
        return [.. kept];
    }

    private void Count(double kept, double middle, double of)
    {
        _changed |= kept != of;
        _count += kept;
        _sum += kept == 0 ? 0 : middle * kept;
    }

    /// <summary>How much of a bucket is kept, and the middle of that part.</summary>
    private (double Count, double Middle) Keep(HistogramBucket bucket, bool positive)
    {
        if (_keepBelow ? bucket.Upper <= _at : bucket.Lower >= _at)
        {
            return (bucket.Count, Middle(bucket.Lower, bucket.Upper, positive));
        }
        if (!(_keepBelow ? bucket.Lower < _at : bucket.Upper > _at))
        {
            return (0, 0);
        }
        if (double.IsNegativeInfinity(bucket.Lower))
        {
            return KeepOfFirst(bucket);
        }
        if (double.IsPositiveInfinity(bucket.Upper))
        {
            // Cut from above it is dropped: how much of it lies lower is unknown. Cut from below, all of it may lie higher.
            return _keepBelow ? (0, 0) : (bucket.Count, _at);
        }
        var below = bucket.Count * FractionBelow(bucket, positive);
        return _keepBelow ? (below, Middle(bucket.Lower, _at, positive))
            : (bucket.Count - below, Middle(_at, bucket.Upper, positive));
    }

    /// <summary>The bucket from -Inf on. If it ends above zero it is taken to begin there.</summary>
    private (double Count, double Middle) KeepOfFirst(HistogramBucket bucket)
    {
        var hasShare = bucket.Upper > 0 && !double.IsPositiveInfinity(bucket.Upper);
        if (_keepBelow)
        {
            if (hasShare && _at > 0)
            {
                return (bucket.Count * _at / bucket.Upper, _at / 2);
            }
            return bucket.Upper <= 0 ? (bucket.Count, _at) : (0, 0);
        }
        return hasShare && _at >= 0 ? (bucket.Count * (1 - (_at / bucket.Upper)), (_at + bucket.Upper) / 2) : (0, 0);
    }

    private double FractionBelow(HistogramBucket bucket, bool positive)
    {
        if (_histogram.HasCustomBuckets)
        {
            return (_at - bucket.Lower) / (bucket.Upper - bucket.Lower);
        }
        var (lower, upper) = (Math.Log2(Math.Abs(bucket.Lower)), Math.Log2(Math.Abs(bucket.Upper)));
        var at = Math.Log2(Math.Abs(_at));
        return positive ? (at - lower) / (upper - lower) : 1 - ((at - upper) / (lower - upper));
    }

    private double Zero()
    {
        var bucket = _histogram.ZeroBucket();
        var hasPositive = _histogram.PositiveBuckets.Any(count => count != 0);
        var hasNegative = _histogram.NegativeBuckets.Any(count => count != 0);
        var lower = hasPositive && !hasNegative ? 0 : bucket.Lower;
        var upper = hasNegative && !hasPositive ? 0 : bucket.Upper;
        var (from, to) = _keepBelow ? (lower, Math.Clamp(_at, lower, upper)) : (Math.Clamp(_at, lower, upper), upper);
        var kept = bucket.Count;
        if (_keepBelow ? _at <= lower : _at > lower && _at >= upper)
        {
            kept = 0;
        }
        else if (!(_keepBelow ? _at >= upper : _at <= lower))
        {
            kept *= (to - from) / (upper - lower);
        }
        Count(kept, (from + to) / 2, bucket.Count);
        return kept;
    }

    private double Middle(double lower, double upper, bool positive)
    {
        if (double.IsInfinity(lower))
        {
            return double.IsInfinity(upper) ? 0 : upper > 0 ? upper / 2 : upper;
        }
        if (double.IsInfinity(upper))
        {
            return lower;
        }
        if (_histogram.HasCustomBuckets)
        {
            return (lower + upper) / 2;
        }
        var middle = Math.Sqrt(Math.Abs(lower * upper));
        return positive ? middle : -middle;
    }
}
