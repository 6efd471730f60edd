using CsCheck;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Tests.Histograms;

public sealed class HistogramResetsTests
{
    private static readonly NativeHistogram Before = Make.Zero(0.01, 5, Make.Positive(1, 0, 1, 0, 3, 2));

    public static TheoryData<string, NativeHistogram, bool> Later => new()
    {
        { "the same", Before, false },
        { "more", Make.Zero(0.01, 6, Make.Positive(1, 0, 1, 4, 3, 2)), false },
        { "another bucket", Make.Zero(0.01, 5, Make.Positive(1, 0, 1, 0, 3, 2, 9)), false },
        { "fewer in all", Make.Zero(0.01, 4, Make.Positive(1, 0, 1, 0, 3, 2)), true },
        { "fewer in one bucket", Make.Zero(0.01, 5, Make.Positive(1, 0, 1, 1, 2, 2)), true },
        { "fewer around zero", Make.Zero(0.01, 4, Make.Positive(1, 0, 1, 0, 3, 5)), true },
        { "a populated bucket is missing", Make.Zero(0.01, 5, Make.Positive(1, 2, 30, 20)), true },
        { "a finer schema", Make.Zero(0.01, 50, Make.Positive(2, 0, 10, 10, 30, 20)), true },
        { "a coarser schema", Make.Zero(0.01, 5, Make.Positive(0, 0, 1, 3, 2)), false },
        { "a coarser schema and fewer", Make.Zero(0.01, 50, Make.Positive(0, 0, 1, 2, 2)), true },
        { "a narrower zero bucket", Make.Zero(0.001, 50, Make.Positive(1, 0, 10, 10, 30, 20)), true },
        { "a wider zero bucket", Make.Zero(0.5, 5, Make.Positive(1, 0, 1, 0, 3, 2)), false },
        { "a zero bucket that takes one in", Make.Zero(1, 6, Make.Positive(1, 1, 0, 3, 2)), false },
        { "a zero bucket that takes one in and is too small", Make.Zero(1, 5, Make.Positive(1, 1, 10, 30, 20)), true },
        { "a zero bucket that cuts a populated bucket", Make.Zero(0.9, 50, Make.Positive(1, 0, 10, 10, 30, 20)), true },
        { "a zero bucket that cuts an empty bucket", Make.Zero(1.2, 6, Make.Positive(1, 1, 0, 3, 2)), false },
        { "custom buckets", Make.CustomOf([1], 100, 100), true },
    };

    [Theory]
    [MemberData(nameof(Later))]
    public void A_reset_is_seen(string what, NativeHistogram later, bool expected)
    {
        Assert.True(later.IsResetSince(Before) == expected, what);
        Assert.True(later.WithHint(CounterResetHint.CounterReset).IsResetSince(Before));
        Assert.False(later.WithHint(CounterResetHint.NotCounterReset).IsResetSince(Before));
        Assert.Equal(expected, later.WithHint(CounterResetHint.Gauge).IsResetSince(Before));
    }

    [Fact]
    public void Custom_buckets_are_compared_in_common_bounds()
    {
        var before = Make.CustomOf([1, 2, 4], 1, 2, 3, 4);
        Assert.False(Make.CustomOf([2, 3, 4], 3, 3, 0, 4).IsResetSince(before));
        Assert.True(Make.CustomOf([2, 3, 4], 2, 30, 30, 40).IsResetSince(before));
        Assert.True(Make.CustomOf([2, 3, 4], 30, 30, 30, 3).IsResetSince(before));
        Assert.False(Make.CustomOf([9], 4, 6).IsResetSince(before));
        Assert.True(Make.Positive(0, 0, 100).IsResetSince(before));
    }

    [Fact]
    public void A_counter_that_only_grows_is_never_reset() => Make.Pair.Sample((before, more) =>
        Assert.False(before.Add(more, out _)!.IsResetSince(before)));

    [Fact]
    public void Custom_counters_that_only_grow_are_never_reset() => Gen.Select(Make.Custom, Make.Custom).Sample((before, more) =>
        Assert.False(before.Add(more, out _)!.IsResetSince(before)));
}
