using Pharos.Query.PromQL.Functions.Histograms;
using Pharos.Storage.Histograms;

namespace Pharos.Query.Tests.PromQL.Histograms;

public sealed class NativeFunctionTests
{
    private const double Near = 1e-12;

    private static readonly NativeHistogram Both = Of(0, [2, 4, 8, 16], zero: 1, threshold: 0.001, negative: [1, 2], sum: 123.75);
    private static readonly NativeHistogram Custom = CustomOf([5, 10, 15, 20], [1, 6, 4, 3, 1], 172.5);

    public static TheoryData<NativeHistogram, double, double> Quantiles => new()
    {
        { Of(0, [4]), 0.5, Math.Sqrt(0.5) },                                    // (0.5, 1]: half way on the logarithmic scale
        { Of(0, [1, 1]), 0.75, Math.Sqrt(2) },
        { Of(0, [1, 1]), 0, 0.5 },
        { Of(0, [1, 1]), 1, 2 },
        { Of(0, [1, 1]), -0.1, double.NegativeInfinity },
        { Of(0, [1, 1]), 1.1, double.PositiveInfinity },
        { Of(0, [1, 1]), double.NaN, double.NaN },
        { new NativeHistogram(), 0.5, double.NaN },
        { Of(0, [], zero: 0, negative: [4]), 0.25, -Math.Pow(2, -0.25) },       // mirrored
        { Of(0, [3], zero: 5, threshold: 0.2), 0.25, 0.08 },                    // the zero bucket is [0, 0.2]
        { Of(0, [], zero: 5, threshold: 0.2, negative: [3]), 0.75, -0.08 },
        { Of(0, [1], zero: 6, threshold: 0.3, negative: [1]), 0.5, 0 },
        { Custom, 0.5, 10 + (5 * 0.5 / 4) },
        { Custom, 0.05, 3.75 },
        { Custom, 0.99, 20 },                                                   // in the last bucket: its lower bound
        { CustomOf([-5, 5], [3, 1, 1], 0), 0.1, -5 },                           // in the first one: its upper bound
    };

    [Theory]
    [MemberData(nameof(Quantiles))]
    public void A_quantile_is_interpolated_inside_its_bucket(NativeHistogram histogram, double quantile, double expected)
    {
        Assert.Equal(expected, NativeQuantile.Of(quantile, histogram, out var note), Near);
        Assert.Equal(NaNObservations.None, note);
    }

    [Fact]
    public void Observations_of_NaN_rank_above_all_and_are_told()
    {
        var withNaN = Of(0, [2, 2], sum: double.NaN, nan: 1);
        Assert.Equal(double.NaN, NativeQuantile.Of(0.9, withNaN, out var note));
        Assert.Equal(NaNObservations.ResultIsNaN, note);
        Assert.Equal(Math.Pow(2, 0.25), NativeQuantile.Of(0.5, withNaN, out note), Near);
        Assert.Equal(NaNObservations.ResultIsSkewed, note);
        NativeQuantile.Of(0.5, Of(0, [2, 2], sum: double.NaN), out note);
        Assert.Equal(NaNObservations.None, note);

        Assert.Equal(0.8, NativeFraction.Of(double.NegativeInfinity, double.PositiveInfinity, withNaN, out note), Near);
        Assert.Equal(NaNObservations.Excluded, note);
        Assert.Equal(0.4, NativeFraction.Of(0, 1, withNaN, out _), Near);
    }

    [Theory]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(double.NaN, 2, double.NaN)]
    [InlineData(1, 2, 4 / 34.0)]
    [InlineData(-1, 1, 4 / 34.0)]
    [InlineData(double.NegativeInfinity, 0, 3.5 / 34)]
    [InlineData(-2, -1, 2 / 34.0)]
    [InlineData(1, 1.4142135623730951, 2 / 34.0)]
    public void A_fraction_is_interpolated_as_quantiles_are(double lower, double upper, double expected) =>
        Assert.Equal(expected, NativeFraction.Of(lower, upper, Both, out _), Near);

    [Fact]
    public void A_fraction_of_custom_buckets_is_linear()
    {
        Assert.Equal(4 / 15.0, NativeFraction.Of(double.NegativeInfinity, 7.5, Custom, out _), Near);
        Assert.Equal(14 / 15.0, NativeFraction.Of(0, 1e9, Custom, out _), Near);
        Assert.Equal(1, NativeFraction.Of(0, double.PositiveInfinity, Custom, out _), Near);
        Assert.Equal(double.NaN, NativeFraction.Of(0, 1, new NativeHistogram(), out _));
    }

    [Fact]
    public void The_spread_takes_observations_to_be_in_the_middle()
    {
        var histogram = Of(0, [2, 4, 8, 16], zero: 1, threshold: 0.001, negative: [1, 2], sum: 100);
        var mean = 100 / 34.0;
        (double Middle, int Count)[] middles = [(-Math.Sqrt(2), 2), (-Math.Sqrt(0.5), 1), (0, 1), (Math.Sqrt(0.5), 2),
            (Math.Sqrt(2), 4), (Math.Sqrt(8), 8), (Math.Sqrt(32), 16)];
        var variance = middles.Sum(one => one.Count * (one.Middle - mean) * (one.Middle - mean)) / 34;
        Assert.Equal(variance, NativeMoments.Variance(histogram), Near);
        Assert.Equal(Math.Sqrt(variance), NativeMoments.StandardDeviation(histogram), Near);
        Assert.Equal(mean, NativeMoments.Average(histogram), Near);
        Assert.Equal(2.5 * 2.5, NativeMoments.Variance(CustomOf([5, 10], [0, 4], 20)), Near);
    }

    public static TheoryData<string, NativeHistogram> Trims => new()
    {
        { "{count:10, sum:3.535533905932737, [-2,-1):2, [-1,-0.5):1, [-0.001,0.001]:1, (0.5,1]:2, (1,2]:4}", HistogramTrim.KeepBelow(Both, 2) },
        { "{count:24, sum:113.1370849898476, (2,4]:8, (4,8]:16}", HistogramTrim.KeepAbove(Both, 2) },
        { "{count:30.5, sum:120.2084028017131, [-0.001,0.001]:0.5, (0.5,1]:2, (1,2]:4, (2,4]:8, (4,8]:16}", HistogramTrim.KeepAbove(Both, 0) },
        { "{count:0, sum:0}", HistogramTrim.KeepAbove(Both, double.PositiveInfinity) },
        { "{count:0, sum:0}", HistogramTrim.KeepBelow(Both, double.NegativeInfinity) },
        { "{count:2, sum:-2.8284271247461903, [-2,-1):2}", HistogramTrim.KeepBelow(Both, -1) },
        { "{count:4, sum:21.25, [-Inf,5]:1, (5,10]:3}", HistogramTrim.KeepBelow(Custom, 7.5) },
        { "{count:14, sum:150, [-Inf,5]:1, (5,10]:6, (10,15]:4, (15,20]:3}", HistogramTrim.KeepBelow(Custom, 50) },
        { "{count:4, sum:72.5, (15,20]:3, (20,+Inf]:1}", HistogramTrim.KeepAbove(Custom, 15) },
        { "{count:1, sum:-10, [-Inf,0]:1}", HistogramTrim.KeepBelow(CustomOf([0], [1, 100], 33), -10) },
        { "{count:100, sum:1000, (0,+Inf]:100}", HistogramTrim.KeepAbove(CustomOf([0], [1, 100], 33), 10) },
        { "{count:0.4, sum:0.4, [-Inf,5]:0.4}", HistogramTrim.KeepBelow(CustomOf([5], [1, 100], 33), 2) },
        { "{count:11.6, sum:7.551067811865476, [-0.5,0.5]:1.6, (0.5,1]:10}",
            HistogramTrim.KeepAbove(Of(0, [10], zero: 2, threshold: 0.5, sum: 8.02), 0.1) },
        { "{count:2, sum:0.5, [-0.5,0.5]:2}", HistogramTrim.KeepBelow(Of(0, [10], zero: 2, threshold: 0.5, sum: 8.02), 0.5) },
        { "{count:1.25, sum:-0.09375000000000001, [-0.1,0.1]:1.25}", HistogramTrim.KeepBelow(Of(0, [], zero: 5, threshold: 0.1), -0.05) },
    };

    [Theory]
    [MemberData(nameof(Trims))]
    public void Trimming_cuts_the_bucket_that_holds_the_value(string expected, NativeHistogram trimmed)
    {
        var (wanted, got) = (Numbers(expected), Numbers(trimmed.Format()));
        Assert.Equal(wanted.Length, got.Length);
        Assert.All(wanted.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Trimming_nothing_keeps_the_sum_that_was_observed()
    {
        Assert.Same(Both, HistogramTrim.KeepAbove(Both, double.NegativeInfinity));
        Assert.Same(Both, HistogramTrim.KeepBelow(Both, double.PositiveInfinity));
        Assert.Same(Custom, HistogramTrim.KeepAbove(Custom, 0));
    }

    private static double[] Numbers(string text) => [.. text.Split([' ', ',', ':', '{', '}', '[', ']', '(', ')'], StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Replace("Inf", "Infinity", StringComparison.Ordinal))
        .Select(part => double.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : (double?)null)
        .OfType<double>()];

    private static NativeHistogram Of(
        int schema, double[] positive, double zero = 0, double threshold = 0, double[]? negative = null, double sum = 0, double nan = 0) => new()
        {
            Schema = schema,
            ZeroCount = zero,
            ZeroThreshold = threshold,
            Count = zero + nan + positive.Sum() + (negative?.Sum() ?? 0),
            Sum = sum,
            PositiveSpans = positive.Length == 0 ? [] : [new BucketSpan(0, positive.Length)],
            PositiveBuckets = [.. positive],
            NegativeSpans = negative is null ? [] : [new BucketSpan(0, negative.Length)],
            NegativeBuckets = [.. negative ?? []],
        };

    private static NativeHistogram CustomOf(double[] bounds, double[] counts, double sum) => new()
    {
        Schema = NativeHistogram.CustomBucketsSchema,
        Count = counts.Sum(),
        Sum = sum,
        CustomBounds = [.. bounds],
        PositiveSpans = [new BucketSpan(0, counts.Length)],
        PositiveBuckets = [.. counts],
    };
}
