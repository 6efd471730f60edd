using System.Collections.Frozen;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>The names of operations and what holds of them.</summary>
public static class OperationNames
{
    private static readonly (RangeOperation Operation, string Name)[] Ranges =
    [
        (RangeOperation.CountOverTime, "count_over_time"), (RangeOperation.Rate, "rate"), (RangeOperation.RateCounter, "rate_counter"),
        (RangeOperation.BytesOverTime, "bytes_over_time"), (RangeOperation.BytesRate, "bytes_rate"), (RangeOperation.AvgOverTime, "avg_over_time"),
        (RangeOperation.SumOverTime, "sum_over_time"), (RangeOperation.MinOverTime, "min_over_time"), (RangeOperation.MaxOverTime, "max_over_time"),
        (RangeOperation.StdvarOverTime, "stdvar_over_time"), (RangeOperation.StddevOverTime, "stddev_over_time"),
        (RangeOperation.QuantileOverTime, "quantile_over_time"), (RangeOperation.FirstOverTime, "first_over_time"),
        (RangeOperation.LastOverTime, "last_over_time"), (RangeOperation.AbsentOverTime, "absent_over_time"),
    ];

    private static readonly (VectorOperation Operation, string Name)[] Vectors =
    [
        (VectorOperation.Sum, "sum"), (VectorOperation.Avg, "avg"), (VectorOperation.Count, "count"), (VectorOperation.Max, "max"),
        (VectorOperation.Min, "min"), (VectorOperation.Stddev, "stddev"), (VectorOperation.Stdvar, "stdvar"), (VectorOperation.Topk, "topk"),
        (VectorOperation.Bottomk, "bottomk"), (VectorOperation.ApproxTopk, "approx_topk"), (VectorOperation.Sort, "sort"),
        (VectorOperation.SortDesc, "sort_desc"),
    ];

    private static readonly FrozenDictionary<string, RangeOperation> RangesByName =
        Ranges.ToFrozenDictionary(static pair => pair.Name, static pair => pair.Operation, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, VectorOperation> VectorsByName =
        Vectors.ToFrozenDictionary(static pair => pair.Name, static pair => pair.Operation, StringComparer.Ordinal);

    /// <summary>Every name that a parenthesis may follow, for completion and documentation.</summary>
    public static IEnumerable<string> All =>
        Ranges.Select(static pair => pair.Name).Concat(Vectors.Select(static pair => pair.Name)).Append("label_replace").Append("vector");

    public static string Name(this RangeOperation operation) => Ranges[(int)operation].Name;

    public static string Name(this VectorOperation operation) => Vectors[(int)operation].Name;

    internal static RangeOperation? Range(string name) => RangesByName.TryGetValue(name, out var found) ? found : null;

    internal static VectorOperation? Vector(string name) => VectorsByName.TryGetValue(name, out var found) ? found : null;

    /// <summary>Whether <c>by</c> and <c>without</c> may stand behind it.</summary>
    internal static bool MayGroup(this RangeOperation operation) => operation is RangeOperation.AvgOverTime or RangeOperation.StddevOverTime
        or RangeOperation.StdvarOverTime or RangeOperation.QuantileOverTime or RangeOperation.MaxOverTime or RangeOperation.MinOverTime
        or RangeOperation.FirstOverTime or RangeOperation.LastOverTime;

    /// <summary>Whether an unwrapped label is needed (true), forbidden (false) or free (null).</summary>
    internal static bool? Unwraps(this RangeOperation operation) => operation switch
    {
        RangeOperation.CountOverTime or RangeOperation.BytesOverTime or RangeOperation.BytesRate => false,
        RangeOperation.Rate or RangeOperation.AbsentOverTime => null,
        _ => true,
    };

    internal static bool TakesCount(this VectorOperation operation) =>
        operation is VectorOperation.Topk or VectorOperation.Bottomk or VectorOperation.ApproxTopk;
}
