using Pharos.Storage.Histograms;

namespace Pharos.Collection.Exposition;

/// <summary>Collects the series of one classic histogram and makes a native one with custom buckets of them.</summary>
/// <remarks>Prometheus: util/convertnhcb. Reused; not thread-safe.</remarks>
internal sealed class ClassicHistogram
{
    /// <summary>Runs of empty buckets up to this length stay in a span where the counts are whole numbers.</summary>
    private const int MaxEmptyIntegerBuckets = 2;

    private readonly List<(double Bound, double Cumulative)> _buckets = [];
    private double? _count;
    private double _sum;
    private bool _broken;

    public void Clear()
    {
        _buckets.Clear();
        _count = null;
        _sum = 0;
        _broken = false;
    }

    /// <summary>Buckets may come in any order; a bound that comes again is passed over.</summary>
    public void SetBucket(double bound, double cumulative)
    {
        if (_broken || double.IsNaN(bound) || cumulative < 0)
        {
            _broken = true;
            return;
        }
        var at = _buckets.Count;
        while (at > 0 && _buckets[at - 1].Bound >= bound)
        {
            at--;
        }
        if (at < _buckets.Count && _buckets[at].Bound == bound)
        {
            return;
        }
        if ((at > 0 && cumulative < _buckets[at - 1].Cumulative) || (at < _buckets.Count && cumulative > _buckets[at].Cumulative))
        {
            _broken = true;
            return;
        }
        _buckets.Insert(at, (bound, cumulative));
    }

    public void SetCount(double count)
    {
        _broken |= count < 0;
        _count = count;
    }

    public void SetSum(double sum) => _sum = sum;

    /// <summary>The histogram, or null where the series contradict each other.</summary>
    public NativeHistogram? Convert()
    {
        if (_broken || (_count is null && _buckets.Count == 0))
        {
            return null;
        }
        var count = _count ?? _buckets[^1].Cumulative;
        if (_buckets.Count == 0 || !double.IsPositiveInfinity(_buckets[^1].Bound))
        {
            _buckets.Add((double.PositiveInfinity, count));
        }
        // Written so that a NaN count is refused.
        if (!(count == _buckets[^1].Cumulative))
        {
            return null;
        }
        var whole = IsWhole(count);
        var counts = new double[_buckets.Count];
        var before = 0d;
        for (var i = 0; i < counts.Length; i++)
        {
            whole &= IsWhole(_buckets[i].Cumulative);
            counts[i] = _buckets[i].Cumulative - before;
            before = _buckets[i].Cumulative;
        }
        var histogram = new NativeHistogram
        {
            Schema = NativeHistogram.CustomBucketsSchema,
            Count = count,
            Sum = _sum,
            PositiveSpans = [new BucketSpan(0, counts.Length)],
            PositiveBuckets = [.. counts],
            CustomBounds = [.. _buckets.SkipLast(1).Select(bucket => bucket.Bound)],
            HasIntegerCounts = whole,
        };
        return histogram.Problem() is null ? histogram.Compact(whole ? MaxEmptyIntegerBuckets : 0) : null;
    }

    private static bool IsWhole(double count) => count == Math.Round(count) && count <= long.MaxValue;
}
