using CsCheck;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Tests.Histograms;

public sealed class HistogramArithmeticTests
{
    [Fact]
    public void Buckets_that_one_lacks_are_made()
    {
        var sum = Make.Positive(0, 0, 1, 2).Add(Make.Positive(0, 3, 4), out var notes)!;
        Assert.Equal(HistogramNotes.None, notes);
        Assert.Equal("{count:7, sum:7, (0.5,1]:1, (1,2]:2, (4,8]:4}", sum.Format());
        Assert.Equal([new BucketSpan(0, 2), new BucketSpan(1, 1)], sum.PositiveSpans);
    }

    [Fact]
    public void The_coarser_schema_wins()
    {
        // (1, 1.41] and (1.41, 2] of schema 1 are (1, 2] of schema 0.
        var sum = Make.Positive(1, 1, 3, 4).Add(Make.Positive(0, 1, 10), out _)!;
        Assert.Equal("{count:17, sum:17, (1,2]:17}", sum.Format());
        Assert.Equal(0, sum.Schema);
    }

    [Fact]
    public void The_zero_bucket_grows_to_the_end_of_the_populated_bucket_that_it_cuts()
    {
        var narrow = Make.Zero(0.001, 1, Make.Positive(0, -1, 2, 3));
        var wide = Make.Zero(0.3, 10, Make.Positive(0, 2, 5));
        // 0.3 is inside (0.25, 0.5], which is populated: the common threshold is 0.5.
        var sum = narrow.Add(wide, out _)!;
        Assert.Equal("{count:21, sum:10, [-0.5,0.5]:13, (0.5,1]:3, (2,4]:5}", sum.Format());
        Assert.True(sum.HasSameDistribution(wide.Add(narrow, out _)!));
    }

    [Fact]
    public void An_empty_bucket_does_not_move_the_threshold()
    {
        var sum = Make.Zero(0.001, 1, Make.Positive(0, -1, 0, 3)).Add(Make.Zero(0.3, 10, Make.Positive(0, 2, 5)), out _)!;
        Assert.Equal("{count:19, sum:8, [-0.3,0.3]:11, (0.5,1]:3, (2,4]:5}", sum.Format());
    }

    [Fact]
    public void Different_custom_bounds_become_those_that_both_have()
    {
        var sum = Make.CustomOf([1, 2, 4], 1, 2, 3, 4).Add(Make.CustomOf([2, 3, 4], 10, 20, 30, 40), out var notes);
        Assert.Equal(HistogramNotes.BoundsReconciled, notes);
        Assert.Equal([2.0, 4.0], sum!.CustomBounds);
        Assert.Equal([13.0, 53.0, 44.0], sum.PositiveBuckets);

        var difference = Make.CustomOf([1, 2], 1, 2, 3).Subtract(Make.CustomOf([7], 1, 1), out notes);
        Assert.Equal(HistogramNotes.BoundsReconciled, notes);
        Assert.Empty(difference!.CustomBounds);
        Assert.Equal([4.0], difference.PositiveBuckets);
    }

    [Fact]
    public void Exponential_and_custom_buckets_have_no_sum()
    {
        Assert.Null(Make.Positive(0, 0, 1).Add(Make.CustomOf([1], 1, 1), out var notes));
        Assert.Equal(HistogramNotes.Incompatible, notes);
        Assert.Null(Make.CustomOf([1], 1, 1).Subtract(Make.Positive(0, 0, 1), out notes));
    }

    [Theory]
    [InlineData(CounterResetHint.Unknown, CounterResetHint.Unknown, CounterResetHint.Unknown, false)]
    [InlineData(CounterResetHint.Gauge, CounterResetHint.CounterReset, CounterResetHint.Gauge, false)]
    [InlineData(CounterResetHint.NotCounterReset, CounterResetHint.Gauge, CounterResetHint.Gauge, false)]
    [InlineData(CounterResetHint.Unknown, CounterResetHint.NotCounterReset, CounterResetHint.Unknown, false)]
    [InlineData(CounterResetHint.CounterReset, CounterResetHint.Unknown, CounterResetHint.Unknown, false)]
    [InlineData(CounterResetHint.CounterReset, CounterResetHint.CounterReset, CounterResetHint.CounterReset, false)]
    [InlineData(CounterResetHint.CounterReset, CounterResetHint.NotCounterReset, CounterResetHint.Unknown, true)]
    [InlineData(CounterResetHint.NotCounterReset, CounterResetHint.CounterReset, CounterResetHint.Unknown, true)]
    public void Hints_combine(CounterResetHint one, CounterResetHint other, CounterResetHint both, bool conflict)
    {
        var sum = Make.Positive(0, 0, 1).WithHint(one).Add(Make.Positive(0, 0, 1).WithHint(other), out var notes);
        Assert.Equal(both, sum!.ResetHint);
        Assert.Equal(conflict, notes == HistogramNotes.ResetConflict);
    }

    [Fact]
    public void Multiples_scale_every_count_and_negative_ones_are_gauges()
    {
        var histogram = Make.Zero(0.5, 2, Make.Positive(0, 0, 1, 3));
        Assert.Equal("{count:12, sum:8, [-0.5,0.5]:4, (0.5,1]:2, (1,2]:6}", histogram.Multiply(2).Format());
        Assert.Equal("{count:3, sum:2, [-0.5,0.5]:1, (0.5,1]:0.5, (1,2]:1.5}", histogram.Divide(2).Format());
        Assert.Equal(CounterResetHint.Unknown, histogram.Multiply(2).ResetHint);
        Assert.Equal(CounterResetHint.Gauge, histogram.Negate().ResetHint);
        Assert.Equal(CounterResetHint.Gauge, histogram.Divide(-1).ResetHint);
        Assert.Equal("{count:+Inf, sum:+Inf, [-0.5,0.5]:+Inf}", histogram.Divide(0).Format());
    }

    [Fact]
    public void What_is_added_can_be_taken_away() => Make.Pair.Sample((one, other) =>
    {
        var back = one.Add(other, out _)!.Subtract(other, out _)!.Compact();
        // In the resolution and with the zero bucket that both have, it is what it was.
        var expected = one.Add(other, out _)!.Multiply(0).Add(one, out _)!.Compact();
        Assert.True(back.HasSameData(expected), $"{back.Format()} {expected.Format()}");
    });

    [Fact]
    public void Addition_commutes() => Make.Pair.Sample((one, other) =>
        Assert.True(one.Add(other, out _)!.HasSameDistribution(other.Add(one, out _)!)));

    [Fact]
    public void Custom_addition_commutes() => Gen.Select(Make.Custom, Make.Custom).Sample((one, other) =>
        Assert.True(one.Add(other, out _)!.HasSameDistribution(other.Add(one, out _)!)));

    [Fact]
    public void Reducing_and_adding_can_be_exchanged() =>
        Gen.Select(Make.Exponential, Make.Exponential, Gen.Int[-4, -2]).Where((one, other, _) => one.ZeroThreshold == other.ZeroThreshold)
            .Sample((one, other, schema) => Assert.True(one.AtSchema(schema).Add(other.AtSchema(schema), out _)!
                .HasSameDistribution(one.Add(other, out _)!.AtSchema(schema))));

    [Fact]
    public void No_observation_is_lost_in_a_sum() => Make.Pair.Sample((one, other) =>
    {
        var sum = one.Add(other, out _)!;
        Assert.Equal(one.Count + other.Count, sum.Count);
        Assert.Equal(sum.Count, sum.Ascending().Sum(bucket => bucket.Count));
    });

    [Fact]
    public void A_compensated_sum_keeps_what_a_plain_one_loses()
    {
        var sum = new HistogramAccumulator(Make.Positive(0, 0, 1e17));
        sum.Add(Make.Positive(0, 0, 1));
        sum.Add(Make.Positive(0, 0, 1));
        sum.Subtract(Make.Positive(0, 0, 1e17));
        var histogram = sum.ToHistogram();
        Assert.Equal([2.0], histogram.PositiveBuckets);
        Assert.Equal(2, histogram.Count);
        Assert.Equal(2, histogram.Sum);
    }

    [Fact]
    public void A_mean_goes_over_to_increments_where_the_sum_would_overflow()
    {
        var mean = new HistogramMean(Make.Positive(0, 0, 1, 3));
        mean.Add(Make.Positive(0, 0, 3, 5));
        Assert.Equal("{count:6, sum:6, (0.5,1]:2, (1,2]:4}", mean.ToHistogram().Format());

        var large = new HistogramMean(Make.Positive(0, 0, 1.5e308));
        large.Add(Make.Positive(0, 0, 1.5e308));
        large.Add(Make.Positive(0, 0, 1.5e308));
        Assert.Equal(1.5e308, large.ToHistogram().Count, 1e293);
    }
}
