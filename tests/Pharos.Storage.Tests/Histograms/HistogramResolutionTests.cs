using CsCheck;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Tests.Histograms;

public sealed class HistogramResolutionTests
{
    [Theory]
    [InlineData(0, "0,1 2,2 4,1", "1 2 3 4")]
    [InlineData(1, "0,1 2,2 4,1", "1 2 3 4")]
    [InlineData(2, "0,5 4,1", "1 0 0 2 3 4")]
    [InlineData(4, "0,10", "1 0 0 2 3 0 0 0 0 4")]
    public void Compact_leaves_no_more_empty_buckets_than_wanted(int maxEmpty, string spans, string counts)
    {
        var histogram = new NativeHistogram
        {
            PositiveSpans = [new(-2, 3), new(0, 0), new(2, 4), new(1, 3)],
            PositiveBuckets = [0, 0, 1, 2, 3, 0, 0, 0, 4, 0],
        };
        var compact = histogram.Compact(maxEmpty);
        Assert.Equal(spans, string.Join(' ', compact.PositiveSpans.Select(span => $"{span.Offset},{span.Length}")));
        Assert.Equal(counts, string.Join(' ', compact.PositiveBuckets));
    }

    [Fact]
    public void Compacting_twice_changes_nothing() => Gen.Select(Make.Exponential, Gen.Int[0, 4]).Sample((histogram, maxEmpty) =>
    {
        var compact = histogram.Compact(maxEmpty);
        Assert.Equal(compact.PositiveSpans, compact.Compact(maxEmpty).PositiveSpans);
        Assert.True(compact.HasSameData(compact.Compact(maxEmpty)));
        Assert.True(compact.HasSameDistribution(histogram));
        Assert.Equal(histogram.Ascending().Where(bucket => bucket.Count != 0), compact.Ascending().Where(bucket => bucket.Count != 0));
    });

    [Fact]
    public void Reducing_step_by_step_is_reducing_at_once() => Make.Exponential.Sample(histogram =>
    {
        var steps = histogram.AtSchema(1).AtSchema(0).AtSchema(-1).AtSchema(-4);
        Assert.True(steps.HasSameData(histogram.AtSchema(-4)));
        Assert.Equal(histogram.Ascending().Sum(bucket => bucket.Count), steps.Ascending().Sum(bucket => bucket.Count));
    });

    [Fact]
    public void A_very_fine_schema_can_be_reduced()
    {
        var coarse = Make.Positive(52, 1, 1, 2).AtSchema(0);
        Assert.Equal("{count:3, sum:3, (1,2]:3}", coarse.Format());
        Assert.Equal("{count:3, sum:3, (0.00390625,1]:3}", Make.Positive(8, -200, 1, 2).AtSchema(-3).Format());
    }

    [Fact]
    public void The_same_observations_in_other_spans_are_the_same_distribution()
    {
        var one = new NativeHistogram { PositiveSpans = [new(0, 2), new(0, 0), new(1, 1)], PositiveBuckets = [1, 0, 2] };
        var other = new NativeHistogram { PositiveSpans = [new(0, 2), new(1, 1)], PositiveBuckets = [1, 0, 2] };
        var compact = new NativeHistogram { PositiveSpans = [new(0, 1), new(2, 1)], PositiveBuckets = [1, 2] };
        Assert.True(one.HasSameData(other));
        Assert.False(one.HasSameData(compact));
        Assert.True(one.HasSameDistribution(compact));
        Assert.False(one.HasSameDistribution(new NativeHistogram { PositiveSpans = [new(0, 1), new(1, 1)], PositiveBuckets = [1, 2] }));
    }

    [Fact]
    public void Buckets_come_in_order_and_meet_the_zero_bucket_at_its_edge()
    {
        var histogram = new NativeHistogram
        {
            ZeroThreshold = 0.6,
            ZeroCount = 7,
            PositiveSpans = [new(0, 2)],
            PositiveBuckets = [1, 2],
            NegativeSpans = [new(0, 2)],
            NegativeBuckets = [3, 4],
        };
        Assert.Equal(["[-2,-1):4", "[-1,-0.6):3", "[-0.6,0.6]:7", "(0.6,1]:1", "(1,2]:2"], histogram.Ascending().Select(b => b.ToString()));
        Assert.Equal(histogram.Ascending().Reverse(), histogram.Descending());
        Assert.Equal([1, 1, 3, 0, 0], histogram.Ascending().Select(bucket => bucket.BoundaryRule));
        Assert.Equal(["[-Inf,1]:1", "(1,2]:2", "(2,+Inf]:3"], Make.CustomOf([1, 2], 1, 2, 3).Ascending().Select(b => b.ToString()));
        Assert.Equal([3, 0, 0], Make.CustomOf([1, 2], 1, 2, 3).Ascending().Select(bucket => bucket.BoundaryRule));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(512, -1, double.MaxValue)]
    [InlineData(513, -1, double.PositiveInfinity)]
    [InlineData(1024, 0, double.MaxValue)]
    [InlineData(1025, 0, double.PositiveInfinity)]
    [InlineData(1, 1, 1.414213562373095)]
    [InlineData(-1, 2, 0.8408964152537144)]
    [InlineData(262144, 8, double.MaxValue)]
    [InlineData(262145, 8, double.PositiveInfinity)]
    [InlineData(-10, -4, 6.842277657836021E-49)]
    [InlineData(int.MaxValue, -4, double.PositiveInfinity)]
    [InlineData(int.MinValue, -4, 0)]
    public void Bounds_are_those_of_Prometheus(int index, int schema, double upper) =>
        Assert.Equal(upper, ExponentialBounds.Upper(index, schema));

    [Fact]
    public void Bounds_rise_and_are_where_mathematics_puts_them()
    {
        for (var index = -1000; index < 1000; index++)
        {
            var (lower, upper) = (ExponentialBounds.Upper(index - 1, 8), ExponentialBounds.Upper(index, 8));
            Assert.True(lower < upper);
            Assert.Equal(Math.Pow(2, index / 256.0), upper, upper * 1e-15);
        }
    }

    [Fact]
    public void Malformed_histograms_do_no_harm()
    {
        var malformed = new NativeHistogram
        {
            PositiveSpans = [new(int.MaxValue, 2), new(int.MaxValue, 100), new(-5, 7)],
            PositiveBuckets = [1, 2, 3, 4, 5],
            ZeroThreshold = double.NaN,
            NegativeSpans = [new(int.MinValue, int.MaxValue)],
            NegativeBuckets = [1],
        };
        _ = malformed.Format();
        _ = malformed.Compact(int.MaxValue);
        _ = malformed.Add(Make.Zero(5, 1, Make.Positive(2, 0, 1)), out _);
        _ = Make.Zero(5, 1, Make.Positive(-2, 0, 1)).Subtract(malformed, out _);
        _ = malformed.IsResetSince(malformed);
        Assert.NotNull(malformed.Problem());
    }
}
