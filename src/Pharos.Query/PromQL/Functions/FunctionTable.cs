using System.Collections.Frozen;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Every function of PromQL: one row each. A new function is a row here and a method beside its kin.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, FunctionEntry> ByName =
        Rows().ToFrozenDictionary(entry => entry.Signature.Name, StringComparer.Ordinal);

    public static IEnumerable<FunctionEntry> All => ByName.Values;

    /// <summary>Names are in lower case; null for an unknown one.</summary>
    public static FunctionEntry? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<FunctionEntry> Rows() => [.. Elementwise(), .. Ranges(), .. Others(), .. Experimental()];

    private static IEnumerable<FunctionEntry> Elementwise() =>
        from name in new[]
        {
            "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "deg", "rad", "sin", "cos", "tan", "asin",
            "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
        }
        select new FunctionEntry(Sign(name, "v"));

    private static IEnumerable<FunctionEntry> Ranges() =>
        from name in new[]
        {
            "rate", "increase", "irate", "resets", "changes", "delta", "idelta", "deriv", "avg_over_time", "min_over_time",
            "max_over_time", "sum_over_time", "count_over_time", "last_over_time", "first_over_time", "present_over_time",
            "absent_over_time", "stddev_over_time", "stdvar_over_time",
        }
        select new FunctionEntry(Sign(name, "m"));

    private static IEnumerable<FunctionEntry> Others() =>
    [
        .. from name in new[]
            {
                "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year",
            }
            select new FunctionEntry(Sign(name, "v", variadic: 1)),
        new(Sign("predict_linear", "ms")),
        new(Sign("quantile_over_time", "sm")),
        new(Sign("round", "vs", variadic: 1)),
        new(Sign("clamp", "vss")),
        new(Sign("clamp_min", "vs")),
        new(Sign("clamp_max", "vs")),
        new(Sign("pi", "", result: ExprType.Scalar)),
        new(Sign("time", "", result: ExprType.Scalar)),
        new(Sign("timestamp", "v")),
        new(Sign("absent", "v")),
        new(Sign("scalar", "v", result: ExprType.Scalar)),
        new(Sign("vector", "s")),
        new(Sign("label_replace", "vtttt")),
        new(Sign("label_join", "vttt", variadic: -1)),
        new(Sign("sort", "v")),
        new(Sign("sort_desc", "v")),
        new(Sign("histogram_quantile", "sv")),
        new(Sign("histogram_fraction", "ssv")),
        new(Sign("histogram_count", "v")),
        new(Sign("histogram_sum", "v")),
        new(Sign("histogram_avg", "v")),
        new(Sign("histogram_stddev", "v")),
        new(Sign("histogram_stdvar", "v")),
    ];

    private static IEnumerable<FunctionEntry> Experimental() =>
    [
        .. from name in new[]
            {
                "mad_over_time", "ts_of_min_over_time", "ts_of_max_over_time", "ts_of_first_over_time", "ts_of_last_over_time",
            }
            select new FunctionEntry(Sign(name, "m", experimental: true)),
        .. from name in new[] { "start", "end", "step", "range" }
            select new FunctionEntry(Sign(name, "", result: ExprType.Scalar, experimental: true)),
        new(Sign("double_exponential_smoothing", "mss", experimental: true)),
        new(Sign("min_of", "ss", result: ExprType.Scalar, experimental: true)),
        new(Sign("max_of", "ss", result: ExprType.Scalar, experimental: true)),
        new(Sign("sort_by_label", "vt", variadic: -1, experimental: true)),
        new(Sign("sort_by_label_desc", "vt", variadic: -1, experimental: true)),
        new(Sign("info", "vv", variadic: 1, experimental: true)),
        new(Sign("histogram_quantiles", "vtss", variadic: 9, experimental: true)),
        new(Sign("start_timestamp", "v", experimental: true)),
    ];

    /// <param name="types">One letter per argument: vector, matrix, scalar, text.</param>
    private static FunctionSignature Sign(string name, string types, int variadic = 0,
        ExprType result = ExprType.Vector, bool experimental = false) => new(name, types.Select(letter => letter switch
        {
            'v' => ExprType.Vector,
            'm' => ExprType.Matrix,
            's' => ExprType.Scalar,
            _ => ExprType.String,
        }).ToArray(), variadic, result, experimental);
}
