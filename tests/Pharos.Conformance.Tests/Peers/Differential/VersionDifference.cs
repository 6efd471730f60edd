namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>One thing that Debian's Prometheus 2.42 does differently from Prometheus 3.14, and with it from Pharos, on purpose.</summary>
/// <param name="Name">Under which it is counted and printed.</param>
/// <param name="Explains">Whether it is why the two answers to a query differ; null for one that samples and queries are made to
/// keep away from, so that it never shows.</param>
internal sealed record VersionDifference(string Name, string Reason, Func<GeneratedQuery, QueryAnswer, QueryAnswer, bool>? Explains = null)
{
    public const string ClosedRanges = "closed ranges";

    /// <summary>Every known one.</summary>
    public static IReadOnlyList<VersionDifference> All { get; } =
    [
        new(ClosedRanges, "3.0 opens ranges, subqueries and the lookback at their left edge; no sample and no step lies on one."),
        new("extrapolation to zero", "2.42 limits the extrapolation of a counter towards zero only where it would not stop by half an " +
            "interval anyway; counters with gaps do not begin near zero."),
        new("renamed functions", "holt_winters is double_exponential_smoothing since 3.0; each is asked by its own name."),
        new("newer functions", "2.42 has no histogram_avg, histogram_stddev, mad_over_time, limitk, limit_ratio, sort_by_label, info, " +
            "ts_of_..._over_time, first_over_time, min_of, max_of, start, end, range, step; none is generated."),
        new("classic histogram_fraction", "Since 3.4 it works on classic buckets, too; it is not generated."),
        new("atan2 keeps the name", "Since 3.0 it drops the metric name as the other arithmetic does; it is asked of values without one."),
        new("spread of infinity", "Since 3.0 stddev and stdvar of one NaN or infinite value are NaN and not 0; they are asked of finite values."),
        new("filtered matches", "Since 3.0 a comparison is refused if several elements match, even if all but one of them are filtered away.",
            static (_, peer, ours) => peer.Error is null
                && ours.Error?.StartsWith("multiple matches for labels: many-to-one matching must be", StringComparison.Ordinal) == true),
        new("predict_linear at a fixed time", "With @, 2.42 moves the window along with the steps.",
            static (query, _, _) => query.Text.Contains("predict_linear(", StringComparison.Ordinal) && query.Text.Contains('@', StringComparison.Ordinal)),
        new("timestamp at a fixed time with an offset", "Of a selector with both @ and offset, 2.42's timestamp() may answer nothing although the " +
            "selector itself has elements.",
            static (query, _, _) => query.Text.Contains("timestamp(", StringComparison.Ordinal) && query.Text.Contains('@', StringComparison.Ordinal)
                && query.Text.Contains("offset", StringComparison.Ordinal)),
        new("a step after the end", "Of a subquery asked for by itself, whose inside is at a fixed time, 2.42 shows the first step even where " +
            "it lies after the time of the query.",
            static (query, peer, ours) => !query.IsRange && peer.Type == "matrix" && ours.Count < peer.Count
                && query.Text.Contains('@', StringComparison.Ordinal) && query.Text.Contains("1ms:", StringComparison.Ordinal)),
        new("last digits", "Sums are compensated since 3.0, and Go's mathematical functions round differently from .NET's: functions that " +
            "make much of a last digit are asked of values that are exact."),
        new("averages that cancel", "Since 3.0 an average is the compensated sum divided once; 2.42 divides each value before it adds, so values " +
            "that cancel leave it the rounding of their divisions.",
            static (query, peer, ours) => query.Text.Contains("avg_over_time(", StringComparison.Ordinal) && ours.CancelsWhere(peer)),
        new("native histograms", "2.42 has an experimental form: it interpolates in buckets by another rule, and has neither averages, differences, scaling, " +
            "custom buckets nor last_over_time of them; counts and sums of selected, added and rated ones are asked for."),
        new("dot and newline", "Since 3.0 a dot in a regular expression matches a newline, too; no label has one."),
        new("UTF-8 label names", "Since 3.0 label_replace, label_join and count_values take any UTF-8 text as a label name; all are classic."),
        new("numbers as durations", "Since 3.0 a number is a duration in seconds, and a duration is a number.",
            static (query, peer, ours) => peer.Error?.Contains("parse error", StringComparison.Ordinal) == true && ours.Error is null
                && query.Text.Contains("offset 5", StringComparison.Ordinal)),
        new("annotations", "Warnings and infos came with 2.48; only results are compared."),
        new("texts of errors", "They were reworded; that both refuse is compared."),
    ];

    /// <summary>The query as the peer spells it.</summary>
    public static string ForPeer(string query) => query.Replace("double_exponential_smoothing(", "holt_winters(", StringComparison.Ordinal);
}
