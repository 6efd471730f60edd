namespace Pharos.Storage.Histograms;

/// <summary>Whether a counter started anew between two histograms.</summary>
public static class HistogramResets
{
    /// <summary>True if the later histogram cannot have grown out of the earlier one: a count fell, a populated bucket is
    /// missing, the resolution rose, the zero bucket shrank or cuts a populated bucket.</summary>
    /// <remarks>The hint of the later one, where it says reset or not, is believed. Custom buckets are compared in the bounds
    /// that both have. Sums are not looked at: observations may be negative.</remarks>
    public static bool IsResetSince(this NativeHistogram later, NativeHistogram earlier)
    {
        if (later.ResetHint is CounterResetHint.CounterReset or CounterResetHint.NotCounterReset)
        {
            return later.ResetHint == CounterResetHint.CounterReset;
        }
        if (later.Count < earlier.Count || later.HasCustomBuckets != earlier.HasCustomBuckets)
        {
            return true;
        }
        return later.HasCustomBuckets ? CustomFell(later, earlier) : ExponentialFell(later, earlier);
    }

    /// <summary>What is known of the sum of two, given what is known of each.</summary>
    /// <param name="conflict">One was reset and the other was not.</param>
    public static CounterResetHint Combine(CounterResetHint one, CounterResetHint other, out bool conflict)
    {
        conflict = false;
        if (one == other)
        {
            return one;
        }
        if (one == CounterResetHint.Gauge || other == CounterResetHint.Gauge)
        {
            return CounterResetHint.Gauge;
        }
        conflict = one != CounterResetHint.Unknown && other != CounterResetHint.Unknown;
        return CounterResetHint.Unknown;
    }

    private static bool CustomFell(NativeHistogram later, NativeHistogram earlier)
    {
        var current = BucketRow.From(later.PositiveSpans, later.PositiveBuckets);
        var previous = BucketRow.From(earlier.PositiveSpans, earlier.PositiveBuckets);
        if (!CustomBounds.Match(later.CustomBounds, earlier.CustomBounds))
        {
            var common = CustomBounds.Intersect(later.CustomBounds, earlier.CustomBounds);
            current = current.Mapped(CustomBounds.MapTo(common, later.CustomBounds), compensated: false);
            previous = previous.Mapped(CustomBounds.MapTo(common, earlier.CustomBounds), compensated: false);
        }
        return AnyFell(current, 0, previous, 0);
    }

    private static bool ExponentialFell(NativeHistogram later, NativeHistogram earlier)
    {
        if (later.Schema > earlier.Schema || later.ZeroThreshold < earlier.ZeroThreshold)
        {
            return true;
        }
        var positive = BucketRow.From(earlier.PositiveSpans, earlier.PositiveBuckets);
        var negative = BucketRow.From(earlier.NegativeSpans, earlier.NegativeBuckets);
        var zero = new ZeroBucketWidening { Threshold = earlier.ZeroThreshold, Count = earlier.ZeroCount };
        if (later.ZeroThreshold > earlier.ZeroThreshold)
        {
            zero.Widen(later.ZeroThreshold, earlier.Schema, positive, negative, compensated: false);
        }
        return zero.Threshold != later.ZeroThreshold || later.ZeroCount < zero.Count
            || SideFell(BucketRow.From(later.PositiveSpans, later.PositiveBuckets), positive, later, earlier.Schema)
            || SideFell(BucketRow.From(later.NegativeSpans, later.NegativeBuckets), negative, later, earlier.Schema);
    }

    private static bool SideFell(BucketRow current, BucketRow previous, NativeHistogram later, int earlierSchema)
    {
        if (earlierSchema > later.Schema)
        {
            previous = previous.Mapped(
                index => ExponentialBounds.CoarserIndex(index, earlierSchema, later.Schema), compensated: false);
        }
        return AnyFell(current, current.CountUpTo(later.ZeroThreshold, later.Schema),
            previous, previous.CountUpTo(later.ZeroThreshold, later.Schema));
    }

    private static bool AnyFell(BucketRow current, int at, BucketRow previous, int from)
    {
        for (var i = from; i < previous.Length; i++)
        {
            while (at < current.Length && current.IndexAt(at) < previous.IndexAt(i))
            {
                at++;
            }
            var now = at < current.Length && current.IndexAt(at) == previous.IndexAt(i) ? current.CountAt(at) : 0;
            if (now < previous.CountAt(i))
            {
                return true;
            }
        }
        return false;
    }
}
