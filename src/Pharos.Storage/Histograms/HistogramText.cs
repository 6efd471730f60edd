using System.Collections.Immutable;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Storage.Histograms;

/// <summary>Histograms as people read them.</summary>
public static class HistogramText
{
    /// <summary>Bounds what a histogram with two far buckets, made to harm, can grow to when it is written.</summary>
    private const int MaxGapOfTests = 100_000;

    /// <summary>Count, sum and the populated buckets: <c>{count:3, sum:4.5, [-0.001,0.001]:1, (1,2]:2}</c>.</summary>
    public static string Format(this NativeHistogram histogram)
    {
        var text = new StringBuilder("{count:").Append(GoFloat.FormatG(histogram.Count))
            .Append(", sum:").Append(GoFloat.FormatG(histogram.Sum));
        foreach (var bucket in histogram.NegativeSide().Reverse().Where(bucket => bucket.Count != 0))
        {
            text.Append(", ").Append(bucket);
        }
        if (histogram.ZeroCount != 0)
        {
            text.Append(", ").Append(histogram.ZeroBucket());
        }
        foreach (var bucket in histogram.PositiveSide().Where(bucket => bucket.Count != 0))
        {
            text.Append(", ").Append(bucket);
        }
        return text.Append('}').ToString();
    }

    /// <summary>The notation of test scripts and rule tests: <c>{{schema:1 count:3 sum:4.5 offset:1 buckets:[1 0 2]}}</c>.</summary>
    public static string FormatForTests(this NativeHistogram histogram)
    {
        // One span a side is all that the notation can say.
        var compact = histogram.Compact(MaxGapOfTests);
        var parts = new List<string>();
        if (compact.Schema != 0)
        {
            parts.Add($"schema:{compact.Schema}");
        }
        AddNumber("count", compact.Count);
        AddNumber("sum", compact.Sum);
        AddNumber("z_bucket", compact.ZeroCount);
        AddNumber("z_bucket_w", compact.ZeroThreshold);
        if (compact.HasCustomBuckets)
        {
            parts.Add($"custom_values:[{Join(compact.CustomBounds)}]");
        }
        if (compact.ResetHint != CounterResetHint.Unknown)
        {
            parts.Add("counter_reset_hint:" + compact.ResetHint switch
            {
                CounterResetHint.CounterReset => "reset",
                CounterResetHint.NotCounterReset => "not_reset",
                _ => "gauge",
            });
        }
        AddSide("offset", "buckets", compact.PositiveSpans, compact.PositiveBuckets);
        AddSide("n_offset", "n_buckets", compact.NegativeSpans, compact.NegativeBuckets);
        return "{{" + string.Join(' ', parts) + "}}";

        void AddNumber(string name, double value)
        {
            if (value != 0)
            {
                parts.Add($"{name}:{GoFloat.FormatG(value)}");
            }
        }

        void AddSide(string offset, string buckets, ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts)
        {
            if (spans.Length > 0 && spans[0].Offset != 0)
            {
                parts.Add($"{offset}:{spans[0].Offset}");
            }
            if (counts.Length > 0)
            {
                parts.Add($"{buckets}:[{Join(counts)}]");
            }
        }
    }

    private static string Join(ImmutableArray<double> values) => string.Join(' ', values.Select(GoFloat.FormatG));
}
