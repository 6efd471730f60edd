using System.Text.RegularExpressions;
using Pharos.Storage.Histograms;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>Native histograms as scripts write them: <c>{{schema:1 sum:3 count:22 buckets:[5 10 7]}}</c>.</summary>
internal static partial class HistogramNotation
{
    /// <param name="text">Without the braces.</param>
    public static NativeHistogram Parse(string text)
    {
        var entries = Entry().Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim());
        if (Entry().Replace(text, "").Trim().Length > 0)
        {
            throw new FormatException($"no histogram: {text}");
        }
        double Number(string key) => entries.TryGetValue(key, out var value) ? SeriesLine.Number(value) : 0;
        double[] List(string key) => entries.TryGetValue(key, out var value)
            ? [.. value.Trim('[', ']').Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(SeriesLine.Number)]
            : [];
        BucketSpan[] Span(string buckets, string offset) =>
            List(buckets) is { Length: > 0 } counts ? [new BucketSpan((int)Number(offset), counts.Length)] : [];
        return new NativeHistogram
        {
            Schema = (int)Number("schema"),
            Sum = Number("sum"),
            Count = Number("count"),
            ZeroCount = Number("z_bucket"),
            ZeroThreshold = Number("z_bucket_w"),
            PositiveBuckets = [.. List("buckets")],
            PositiveSpans = [.. Span("buckets", "offset")],
            NegativeBuckets = [.. List("n_buckets")],
            NegativeSpans = [.. Span("n_buckets", "n_offset")],
            CustomBounds = [.. List("custom_values")],
            ResetHint = entries.GetValueOrDefault("counter_reset_hint") switch
            {
                "reset" => CounterResetHint.CounterReset,
                "not_reset" => CounterResetHint.NotCounterReset,
                "gauge" => CounterResetHint.Gauge,
                null or "unknown" => CounterResetHint.Unknown,
                var other => throw new FormatException($"no hint: {other}"),
            },
        };
    }

    [GeneratedRegex(@"(schema|sum|count|z_bucket|z_bucket_w|buckets|offset|n_buckets|n_offset|custom_values|counter_reset_hint)\s*:\s*(\[[^\]]*\]|[^\s]+)")]
    private static partial Regex Entry();
}
