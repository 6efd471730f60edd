using Pharos.Storage.Histograms;

namespace Pharos.Storage.Tests.Histograms;

public sealed class HistogramTextTests
{
    private static readonly NativeHistogram Histogram = new()
    {
        Schema = 1,
        ResetHint = CounterResetHint.Gauge,
        ZeroThreshold = 0.001,
        ZeroCount = 2.5,
        Count = 10,
        Sum = -1e21,
        PositiveSpans = [new(2, 1), new(1, 1)],
        PositiveBuckets = [1, 2],
        NegativeSpans = [new(-1, 1)],
        NegativeBuckets = [4.5],
    };

    [Fact]
    public void People_read_the_populated_buckets() => Assert.Equal(
        "{count:10, sum:-1e+21, [-0.7071067811865475,-0.5):4.5, [-0.001,0.001]:2.5, (1.414213562373095,2]:1, (2.82842712474619,4]:2}",
        Histogram.Format());

    [Fact]
    public void Test_scripts_read_one_span_a_side()
    {
        Assert.Equal("{{schema:1 count:10 sum:-1e+21 z_bucket:2.5 z_bucket_w:0.001 counter_reset_hint:gauge offset:2 " +
            "buckets:[1 0 2] n_offset:-1 n_buckets:[4.5]}}", Histogram.FormatForTests());
        Assert.Equal("{{schema:-53 count:3 sum:3 custom_values:[1 2.5] buckets:[1 0 2]}}",
            Make.CustomOf([1, 2.5], 1, 0, 2).FormatForTests());
        Assert.Equal("{{}}", new NativeHistogram().FormatForTests());
    }

    public static TheoryData<string?, NativeHistogram> Checked => new()
    {
        { null, new NativeHistogram() },
        { null, Make.CustomOf([-1, 2.5], 1, 0, 2) },
        { "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for custom buckets, got schema 9",
            new NativeHistogram { Schema = 9 } },
        { "positive side: spans need 2 buckets, have 1 buckets: histogram spans specify different number of buckets than provided",
            new NativeHistogram { PositiveSpans = [new(0, 2)], PositiveBuckets = [1] } },
        { "negative side: span number 2 with offset -1: histogram has a span whose offset is negative",
            new NativeHistogram { NegativeSpans = [new(-1, 1), new(-1, 1)], NegativeBuckets = [1, 1] } },
        { "negative side: bucket number 1 has observation count of -1.5: histogram has a bucket whose observation count is negative",
            new NativeHistogram { NegativeSpans = [new(-1, 1)], NegativeBuckets = [-1.5] } },
        { "zero bucket has observation count of -2: histogram has a bucket whose observation count is negative",
            new NativeHistogram { ZeroCount = -2 } },
        { "observation count is  -3: histogram's observation count is negative", new NativeHistogram { Count = -3 } },
        { "positive side: bucket number 2 has observation count of -1: histogram has a bucket whose observation count is negative",
            Make.Positive(0, 0, 2, -1) },
        { "histogram with exponential schema must not have custom bounds", new NativeHistogram { CustomBounds = [1] } },
        { "custom buckets: previous bound is 2.000000 and current is 1.500000: histogram custom bounds must be in strictly increasing order",
            Make.CustomOf([2, 1.5], 1, 0, 2) },
        { "custom buckets: last +Inf bound must not be explicitly defined: histogram custom bounds must be finite",
            Make.CustomOf([2, double.PositiveInfinity], 1, 0, 2) },
        { "custom buckets: histogram custom bounds must not be NaN", Make.CustomOf([double.NaN], 1, 0) },
        { "custom buckets: only 1 custom bounds defined which is insufficient to cover total span length of 3: " +
            "histogram custom bounds are too few", Make.CustomOf([2], 1, 0, 2) },
        { "custom buckets: must not have negative spans", new NativeHistogram
            { Schema = NativeHistogram.CustomBucketsSchema, NegativeSpans = [new(0, 0)] } },
        { "3 observations found in buckets, but the Count field is 4: histogram's observation count should equal the number of " +
            "observations found in the buckets (in absence of NaN)",
            new NativeHistogram { HasIntegerCounts = true, ZeroCount = 3, Count = 4, Sum = 1 } },
        { null, new NativeHistogram { HasIntegerCounts = true, ZeroCount = 3, Count = 4, Sum = double.NaN } },
    };

    [Theory]
    [MemberData(nameof(Checked))]
    public void What_is_wrong_is_said_in_the_words_of_Prometheus(string? problem, NativeHistogram histogram) =>
        Assert.Equal(problem, histogram.Problem());
}
