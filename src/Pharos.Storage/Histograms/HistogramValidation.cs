using System.Collections.Immutable;
using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Storage.Histograms;

/// <summary>Whether a histogram from outside is consistent in itself, with Prometheus' words for what is wrong.</summary>
public static class HistogramValidation
{
    private const int MinKnownSchema = -9;
    private const int MaxKnownSchema = 52;

    private const string NegativeOffset = "histogram has a span whose offset is negative";
    private const string SpansMismatch = "histogram spans specify different number of buckets than provided";
    private const string NegativeBucket = "histogram has a bucket whose observation count is negative";

    public static bool IsExponentialSchema(int schema) => schema is >= NativeHistogram.MinSchema and <= NativeHistogram.MaxSchema;

    /// <summary>It can be read: as it is, or in a coarser resolution.</summary>
    public static bool IsKnownSchema(int schema) =>
        schema is NativeHistogram.CustomBucketsSchema or (>= MinKnownSchema and <= MaxKnownSchema);

    /// <summary>The text for a schema that cannot be read.</summary>
    public static string UnknownSchema(int schema) =>
        $"histogram has an unknown schema, which must be between {MinKnownSchema} and {MaxKnownSchema} for exponential buckets, " +
        $"or {NativeHistogram.CustomBucketsSchema} for custom buckets, got schema {schema}";

    /// <returns>What is wrong, or null.</returns>
    public static string? Problem(this NativeHistogram histogram)
    {
        if (!histogram.HasCustomBuckets && !IsExponentialSchema(histogram.Schema))
        {
            return $"histogram has an invalid schema, which must be between {NativeHistogram.MinSchema} and " +
                $"{NativeHistogram.MaxSchema} for exponential buckets, or {NativeHistogram.CustomBucketsSchema} for custom buckets, " +
                $"got schema {histogram.Schema}";
        }
        var problem = histogram.HasCustomBuckets ? CustomProblem(histogram) : ExponentialProblem(histogram);
        if (problem is null && histogram.Count < 0 && !histogram.HasIntegerCounts)
        {
            problem = $"observation count is  {GoFloat.FormatG(histogram.Count)}: histogram's observation count is negative";
        }
        return problem ?? Prefix("positive side", CountsProblem(histogram.PositiveBuckets)) ?? TotalProblem(histogram);
    }

    private static string? CustomProblem(NativeHistogram histogram)
    {
        var problem = BoundsProblem(histogram.CustomBounds) ?? CustomSpansProblem(histogram);
        return problem is not null ? "custom buckets: " + problem
            : histogram.ZeroCount != 0 ? "custom buckets: must have zero count of 0"
            : histogram.ZeroThreshold != 0 ? "custom buckets: must have zero threshold of 0"
            : histogram.NegativeSpans.Length > 0 ? "custom buckets: must not have negative spans"
            : histogram.NegativeBuckets.Length > 0 ? "custom buckets: must not have negative buckets"
            : null;
    }

    private static string? ExponentialProblem(NativeHistogram histogram)
    {
        var problem = Prefix("positive side", SpansProblem(histogram.PositiveSpans, histogram.PositiveBuckets.Length))
            ?? Prefix("negative side", SpansProblem(histogram.NegativeSpans, histogram.NegativeBuckets.Length))
            ?? Prefix("negative side", CountsProblem(histogram.NegativeBuckets));
        if (problem is not null)
        {
            return problem;
        }
        if (histogram.ZeroCount < 0)
        {
            return $"zero bucket has observation count of {GoFloat.FormatG(histogram.ZeroCount)}: {NegativeBucket}";
        }
        return histogram.CustomBounds.Length > 0 ? "histogram with exponential schema must not have custom bounds" : null;
    }

    private static string? BoundsProblem(ImmutableArray<double> bounds)
    {
        var previous = double.NegativeInfinity;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (double.IsNaN(bounds[i]))
            {
                return "histogram custom bounds must not be NaN";
            }
            if (i > 0 && bounds[i] <= previous)
            {
                return $"previous bound is {Fixed(previous)} and current is {Fixed(bounds[i])}: " +
                    "histogram custom bounds must be in strictly increasing order";
            }
            previous = bounds[i];
        }
        return double.IsPositiveInfinity(previous)
            ? "last +Inf bound must not be explicitly defined: histogram custom bounds must be finite" : null;
    }

    private static string? CustomSpansProblem(NativeHistogram histogram)
    {
        var (buckets, length) = (0L, 0L);
        for (var i = 0; i < histogram.PositiveSpans.Length; i++)
        {
            var span = histogram.PositiveSpans[i];
            if (span.Offset < 0)
            {
                return $"span number {i + 1} with offset {span.Offset}: {NegativeOffset}";
            }
            buckets += (uint)span.Length;
            length += (uint)span.Length + span.Offset;
        }
        if (buckets != histogram.PositiveBuckets.Length)
        {
            return $"spans need {buckets} buckets, have {histogram.PositiveBuckets.Length} buckets: {SpansMismatch}";
        }
        return histogram.CustomBounds.Length + 1 < length
            ? $"only {histogram.CustomBounds.Length} custom bounds defined which is insufficient to cover total span length of " +
                $"{length}: histogram custom bounds are too few"
            : null;
    }

    private static string? SpansProblem(ImmutableArray<BucketSpan> spans, int have)
    {
        var need = 0L;
        for (var i = 0; i < spans.Length; i++)
        {
            if (i > 0 && spans[i].Offset < 0)
            {
                return $"span number {i + 1} with offset {spans[i].Offset}: {NegativeOffset}";
            }
            need += (uint)spans[i].Length;
        }
        return need == have ? null : $"spans need {need} buckets, have {have} buckets: {SpansMismatch}";
    }

    private static string? CountsProblem(ImmutableArray<double> counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
            {
                return $"bucket number {i + 1} has observation count of {GoFloat.FormatG(counts[i])}: {NegativeBucket}";
            }
        }
        return null;
    }

    /// <summary>Only whole counts must add up: sums of fractions round.</summary>
    private static string? TotalProblem(NativeHistogram histogram)
    {
        if (!histogram.HasIntegerCounts)
        {
            return null;
        }
        var found = histogram.PositiveBuckets.Sum() + histogram.NegativeBuckets.Sum() + histogram.ZeroCount;
        var problem = double.IsNaN(histogram.Sum)
            ? found > histogram.Count
                ? "histogram's observation count should be at least the number of observations found in the buckets" : null
            : found != histogram.Count
                ? "histogram's observation count should equal the number of observations found in the buckets (in absence of NaN)"
                : null;
        return problem is null ? null : $"{GoFloat.FormatF(found)} observations found in buckets, but the Count field is " +
            $"{GoFloat.FormatF(histogram.Count)}: {problem}";
    }

    private static string? Prefix(string side, string? problem) => problem is null ? null : $"{side}: {problem}";

    private static string Fixed(double value) =>
        double.IsFinite(value) ? value.ToString("F6", CultureInfo.InvariantCulture) : GoFloat.FormatG(value);
}
