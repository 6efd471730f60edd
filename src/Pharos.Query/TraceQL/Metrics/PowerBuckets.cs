using System.Numerics;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>Counts of values by the power of two that is not below them, as Tempo counts them: quantiles of any number of values in constant memory.</summary>
internal sealed class PowerBuckets
{
    public const int Buckets = 65;

    private readonly long[] _counts = new long[Buckets];
    private long _total;

    public long CountOf(int bucket) => _counts[bucket];

    /// <param name="value">Nanoseconds of a duration, else the number itself; what is less than 2 does not count.</param>
    public static int BucketOf(double value)
    {
        if (!(value >= 2))
        {
            return -1;
        }
        return value >= 9.2e18 ? 63 : 64 - BitOperations.LeadingZeroCount((ulong)value - 1);
    }

    /// <summary>The greatest value of a bucket.</summary>
    public static double Bound(int bucket) => Math.Pow(2, bucket);

    public void Add(int bucket)
    {
        _counts[bucket]++;
        _total++;
    }

    /// <summary>The value that a share of all values does not exceed, on a curve of powers within its bucket.</summary>
    public double Quantile(double share)
    {
        if (_total == 0)
        {
            return double.NaN;
        }
        var rank = Math.Max(1, (long)Math.Ceiling(share * _total));
        var (below, lower) = (0L, double.NaN);
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var count = _counts[bucket];
            if (count == 0)
            {
                continue;
            }
            if (below + count == rank)
            {
                return Bound(bucket);
            }
            if (below + count > rank)
            {
                // The next bucket that holds something below is where this one begins.
                var from = double.IsNaN(lower) ? bucket - 1 : lower;
                return Math.Pow(2, from + ((bucket - from) * (rank - below) / count));
            }
            below += count;
            lower = bucket;
        }
        return double.NaN;
    }
}
