using Pharos.Query.PromQL.Evaluation;

namespace Pharos.Query.PromQL.Functions;

/// <summary>What a set of classic buckets says, by linear interpolation inside each.</summary>
internal static class Buckets
{
    /// <summary>Differences below this, relative, are the noise of floating point and go unmentioned.</summary>
    private const double SmallDelta = 1e-12;

    /// <param name="timeMs">When the counts were so.</param>
    /// <param name="forced">Not null where counts fell from one bucket to the next and were raised.</param>
    public static double Quantile(double quantile, List<Bucket> buckets, long timeMs, out ForcedMonotonicity? forced)
    {
        forced = null;
        if (double.IsNaN(quantile))
        {
            return double.NaN;
        }
        if (quantile is < 0 or > 1)
        {
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }
        if (!Prepare(buckets, timeMs, out forced) || buckets.Count < 2 || buckets[^1].Count == 0)
        {
            return double.NaN;
        }
        var rank = quantile * buckets[^1].Count;
        var at = 0;
        while (at < buckets.Count - 1 && !(buckets[at].Count >= rank))
        {
            at++;
        }
        if (at == buckets.Count - 1)
        {
            return buckets[^2].UpperBound;
        }
        if (at == 0 && buckets[0].UpperBound <= 0)
        {
            return buckets[0].UpperBound;
        }
        var (start, below) = at == 0 ? (0, 0) : (buckets[at - 1].UpperBound, buckets[at - 1].Count);
        return start + ((buckets[at].UpperBound - start) * ((rank - below) / (buckets[at].Count - below)));
    }

    public static double Fraction(double lower, double upper, List<Bucket> buckets)
    {
        if (!Prepare(buckets, 0, out _))
        {
            return double.NaN;
        }
        var count = buckets[^1].Count;
        if (count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
        {
            return double.NaN;
        }
        return lower >= upper ? 0 : (RankOf(upper, buckets) - RankOf(lower, buckets)) / count;
    }

    /// <summary>How many observations are at most <paramref name="value"/>.</summary>
    private static double RankOf(double value, List<Bucket> buckets)
    {
        var below = 0.0;
        for (var i = 0; i < buckets.Count; i++)
        {
            var (upper, count) = buckets[i];
            var start = i > 0 ? buckets[i - 1].UpperBound : upper > 0 ? 0 : double.NegativeInfinity;
            if (start >= value)
            {
                return below;
            }
            if (upper > value)
            {
                if (double.IsInfinity(upper))
                {
                    return below;
                }
                return double.IsNegativeInfinity(start) ? count
                    : below + ((count - below) * ((value - start) / (upper - start)));
            }
            below = count;
        }
        return below;
    }

    /// <summary>Sorts, joins equal bounds and makes counts monotonic. False without a bucket up to +Inf.</summary>
    private static bool Prepare(List<Bucket> buckets, long timeMs, out ForcedMonotonicity? forced)
    {
        forced = null;
        buckets.Sort(static (a, b) => a.UpperBound.CompareTo(b.UpperBound));
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound))
        {
            return false;
        }
        var joined = new List<Bucket>(buckets.Count);
        foreach (var bucket in buckets)
        {
            if (joined.Count > 0 && joined[^1].UpperBound == bucket.UpperBound)
            {
                joined[^1] = bucket with { Count = joined[^1].Count + bucket.Count };
            }
            else
            {
                joined.Add(bucket);
            }
        }
        buckets.Clear();
        foreach (var bucket in joined)
        {
            if (buckets.Count == 0)
            {
                buckets.Add(bucket);
                continue;
            }
            var previous = buckets[^1].Count;
            var small = Math.Abs(previous - bucket.Count) < SmallDelta * (Math.Abs(previous) + Math.Abs(bucket.Count));
            if (!small && bucket.Count < previous)
            {
                var raised = new ForcedMonotonicity(
                    timeMs, timeMs, bucket.UpperBound, bucket.UpperBound, previous - bucket.Count);
                forced = forced is null ? raised : forced.Join(raised) with { Samples = 1 };
            }
            buckets.Add(small || bucket.Count < previous ? bucket with { Count = previous } : bucket);
        }
        return true;
    }
}
