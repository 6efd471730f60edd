using System.Collections.Frozen;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Functions.Histograms;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
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

    private static IEnumerable<FunctionEntry> Rows() => [.. PerValue(), .. Ranges(), .. Calendar(), .. Others(), .. Experimental()];

    private static IEnumerable<FunctionEntry> PerValue() =>
        from row in new (string Name, Func<double, double> Function)[]
        {
            ("abs", Math.Abs), ("ceil", Math.Ceiling), ("floor", Math.Floor), ("exp", Math.Exp), ("ln", Math.Log),
            ("log2", Math.Log2), ("log10", Math.Log10), ("sqrt", Math.Sqrt), ("sgn", Elementwise.Sign),
            ("deg", static v => v * 180 / Math.PI), ("rad", static v => v * Math.PI / 180),
            ("sin", Math.Sin), ("cos", Math.Cos), ("tan", Math.Tan), ("asin", Math.Asin), ("acos", Math.Acos),
            ("atan", Math.Atan), ("sinh", Math.Sinh), ("cosh", Math.Cosh), ("tanh", Math.Tanh), ("asinh", Math.Asinh),
            ("acosh", Math.Acosh), ("atanh", Math.Atanh),
        }
        select new FunctionEntry(Sign(row.Name, "v"), Elementwise.Of(row.Function));

    private static IEnumerable<FunctionEntry> Ranges() =>
    [
        new(Sign("rate", "m"), Rates.Rate),
        new(Sign("increase", "m"), Rates.Increase),
        new(Sign("irate", "m"), Range(Rates.Irate)),
        new(Sign("delta", "m"), Range(Rates.Delta)),
        new(Sign("idelta", "m"), Range(Rates.Idelta)),
        new(Sign("deriv", "m"), Range(Regression.Deriv)),
        new(Sign("predict_linear", "ms"), Range(Regression.PredictLinear)),
        new(Sign("resets", "m"), Range(OverTime.Of(OverTime.Resets, OverTimeKernels.Resets))),
        new(Sign("changes", "m"), Range(OverTime.Of(OverTime.Changes, OverTimeKernels.Changes))),
        new(Sign("avg_over_time", "m"), Range(OverTime.With(OverTime.Avg, CompensatedKernels.Avg))),
        new(Sign("min_over_time", "m"), Range(OverTime.OfNumbers(OverTime.Min, ExtremeKernels.Min))),
        new(Sign("max_over_time", "m"), Range(OverTime.OfNumbers(OverTime.Max, ExtremeKernels.Max))),
        new(Sign("sum_over_time", "m"), Range(OverTime.With(OverTime.Sum, CompensatedKernels.Sum))),
        new(Sign("count_over_time", "m"), Range(OverTime.Of(OverTime.Count, OverTimeKernels.Count))),
        new(Sign("last_over_time", "m"), Range(OverTime.Pick(OverTime.Last, OverTimeKernels.Last))),
        new(Sign("first_over_time", "m"), Range(OverTime.Pick(OverTime.First, OverTimeKernels.First))),
        new(Sign("present_over_time", "m"), Range(OverTime.Of(OverTime.Present, OverTimeKernels.Present))),
        new(Sign("stddev_over_time", "m"), Range(OverTime.OfNumbers(OverTime.Stddev, CompensatedKernels.Stddev))),
        new(Sign("stdvar_over_time", "m"), Range(OverTime.OfNumbers(OverTime.Stdvar, CompensatedKernels.Stdvar))),
        new(Sign("quantile_over_time", "sm"), OverTime.Quantile),
        new(Sign("absent_over_time", "m"), Conversions.AbsentOverTime),
    ];

    private static IEnumerable<FunctionEntry> Calendar() =>
        from row in new (string Name, Func<CivilTime, double> Part)[]
        {
            ("minute", static t => t.InCycle.Minute), ("hour", static t => t.InCycle.Hour),
            ("day_of_week", static t => (int)t.InCycle.DayOfWeek), ("day_of_month", static t => t.InCycle.Day),
            ("day_of_year", static t => t.InCycle.DayOfYear), ("month", static t => t.InCycle.Month),
            ("days_in_month", static t => DateTime.DaysInMonth(t.InCycle.Year, t.InCycle.Month)), ("year", static t => t.Year),
        }
        select new FunctionEntry(Sign(row.Name, "v", variadic: 1), TimeFunctions.Calendar(row.Part));

    private static IEnumerable<FunctionEntry> Others() =>
    [
        new(Sign("round", "vs", variadic: 1), Elementwise.Round),
        new(Sign("clamp", "vss"), Elementwise.Clamp),
        new(Sign("clamp_min", "vs"), Elementwise.ClampMin),
        new(Sign("clamp_max", "vs"), Elementwise.ClampMax),
        new(Sign("pi", "", result: ExprType.Scalar), Conversions.Pi),
        new(Sign("time", "", result: ExprType.Scalar), TimeFunctions.Time),
        new(Sign("timestamp", "v"), TimeFunctions.Timestamp),
        new(Sign("absent", "v"), Conversions.Absent),
        new(Sign("scalar", "v", result: ExprType.Scalar), Conversions.Scalar),
        new(Sign("vector", "s"), Conversions.Vector),
        new(Sign("label_replace", "vtttt"), LabelFunctions.Replace),
        new(Sign("label_join", "vttt", variadic: -1), LabelFunctions.Join),
        new(Sign("sort", "v"), LabelFunctions.SortByValue(descending: false)),
        new(Sign("sort_desc", "v"), LabelFunctions.SortByValue(descending: true)),
        new(Sign("histogram_quantile", "sv"), HistogramFunctions.Quantile),
        new(Sign("histogram_fraction", "ssv"), HistogramFunctions.Fraction),
        new(Sign("histogram_count", "v"), HistogramFunctions.Of(static histogram => histogram.Count)),
        new(Sign("histogram_sum", "v"), HistogramFunctions.Of(static histogram => histogram.Sum)),
        new(Sign("histogram_avg", "v"), HistogramFunctions.Of(NativeMoments.Average)),
        new(Sign("histogram_stddev", "v"), HistogramFunctions.Of(NativeMoments.StandardDeviation)),
        new(Sign("histogram_stdvar", "v"), HistogramFunctions.Of(NativeMoments.Variance)),
    ];

    private static IEnumerable<FunctionEntry> Experimental() =>
    [
        new(Sign("mad_over_time", "m", experimental: true), Range(OverTime.OfNumbers(OverTime.Mad, QuantileKernels.Mad))),
        new(Sign("ts_of_min_over_time", "m", experimental: true), Range(OverTime.OfNumbers(OverTime.MinTime))),
        new(Sign("ts_of_max_over_time", "m", experimental: true), Range(OverTime.OfNumbers(OverTime.MaxTime))),
        new(Sign("ts_of_first_over_time", "m", experimental: true), Range(OverTime.Of(OverTime.FirstTime))),
        new(Sign("ts_of_last_over_time", "m", experimental: true), Range(OverTime.Of(OverTime.LastTime))),
        new(Sign("double_exponential_smoothing", "mss", experimental: true), Range(Regression.DoubleExponentialSmoothing)),
        new(Sign("min_of", "ss", result: ExprType.Scalar, experimental: true), Conversions.MinOf),
        new(Sign("max_of", "ss", result: ExprType.Scalar, experimental: true), Conversions.MaxOf),
        new(Sign("start", "", result: ExprType.Scalar, experimental: true), TimeFunctions.Start),
        new(Sign("end", "", result: ExprType.Scalar, experimental: true), TimeFunctions.End),
        new(Sign("step", "", result: ExprType.Scalar, experimental: true), TimeFunctions.Step),
        new(Sign("range", "", result: ExprType.Scalar, experimental: true), TimeFunctions.Range),
        new(Sign("sort_by_label", "vt", variadic: -1, experimental: true), LabelFunctions.SortByLabel(descending: false)),
        new(Sign("sort_by_label_desc", "vt", variadic: -1, experimental: true), LabelFunctions.SortByLabel(descending: true)),
        new(Sign("info", "vv", variadic: 1, experimental: true), InfoFunction.Evaluate),
        new(Sign("histogram_quantiles", "vtss", variadic: 9, experimental: true), HistogramFunctions.SeveralQuantiles),
        new(Sign("start_timestamp", "v", experimental: true), TimeFunctions.StartTimestamp),
    ];

    private static Func<CallContext, RangeCall> Range(RangeCall call) => _ => call;

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
