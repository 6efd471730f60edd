using System.Collections.Immutable;
using Pharos.Storage.Histograms;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Series;

/// <summary>Reads what stands between the double braces of a histogram in the series notation.</summary>
internal static class HistogramDescription
{
    /// <exception cref="FormatException">A key is unknown or comes twice, or a value is none.</exception>
    public static NativeHistogram Parse(string text)
    {
        var values = new Dictionary<string, ImmutableArray<double>>(StringComparer.Ordinal);
        var hint = CounterResetHint.Unknown;
        var at = 0;
        while (NextWord(text, ref at) is { Length: > 0 } key)
        {
            if (at >= text.Length || text[at] != ':')
            {
                throw new FormatException($"a histogram's {GoQuote.Quote(key)} has no value");
            }
            at++;
            if (key == "counter_reset_hint")
            {
                hint = Hint(NextWord(text, ref at));
                continue;
            }
            if (!values.TryAdd(Known(key), key is "buckets" or "n_buckets" or "custom_values" ? List(text, ref at) : [Number(NextWord(text, ref at))]))
            {
                throw new FormatException($"duplicate key {GoQuote.Quote(key)} in histogram");
            }
        }
        return new NativeHistogram
        {
            Schema = Schema((int)One("schema")),
            Sum = One("sum"),
            Count = One("count"),
            ZeroCount = One("z_bucket"),
            ZeroThreshold = One("z_bucket_w"),
            ResetHint = hint,
            PositiveBuckets = Many("buckets"),
            PositiveSpans = Span("offset", "buckets"),
            NegativeBuckets = Many("n_buckets"),
            NegativeSpans = Span("n_offset", "n_buckets"),
            CustomBounds = Many("custom_values"),
        };

        double One(string key) => values.TryGetValue(key, out var found) ? found[0] : 0;

        ImmutableArray<double> Many(string key) => values.GetValueOrDefault(key, []);

        ImmutableArray<BucketSpan> Span(string offset, string buckets) =>
            Many(buckets).Length == 0 ? [] : [new BucketSpan((int)One(offset), Many(buckets).Length)];
    }

    private static string Known(string key) => key is "schema" or "sum" or "count" or "z_bucket" or "z_bucket_w" or "buckets"
        or "offset" or "n_buckets" or "n_offset" or "custom_values"
        ? key : throw new FormatException($"unexpected key {GoQuote.Quote(key)} in histogram");

    private static int Schema(int schema) =>
        schema is NativeHistogram.CustomBucketsSchema or (>= NativeHistogram.MinSchema and <= NativeHistogram.MaxSchema)
            ? schema : throw new FormatException($"unknown schema {schema} in histogram");

    private static CounterResetHint Hint(string word) => word switch
    {
        "unknown" => CounterResetHint.Unknown,
        "reset" => CounterResetHint.CounterReset,
        "not_reset" => CounterResetHint.NotCounterReset,
        "gauge" => CounterResetHint.Gauge,
        _ => throw new FormatException($"unknown counter_reset_hint {GoQuote.Quote(word)}"),
    };

    private static ImmutableArray<double> List(string text, ref int at)
    {
        var end = text.IndexOf(']', at);
        if (at >= text.Length || text[at] != '[' || end < 0)
        {
            throw new FormatException("a histogram's buckets are a list in brackets");
        }
        var words = text[(at + 1)..end].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        at = end + 1;
        return [.. words.Select(Number)];
    }

    private static double Number(string word)
    {
        var negative = word.StartsWith('-');
        return GoFloat.TryParse(word.AsSpan(negative || word.StartsWith('+') ? 1 : 0), out var value)
            ? negative ? -value : value : throw new FormatException($"no number in histogram: {GoQuote.Quote(word)}");
    }

    /// <summary>Up to a blank, a colon or a bracket.</summary>
    private static string NextWord(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (':' or '[' or ']'))
        {
            at++;
        }
        return text[start..at];
    }
}
