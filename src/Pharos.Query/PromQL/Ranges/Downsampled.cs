using Pharos.Storage.Metrics.Downsampling;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Which functions reduced samples do for, and for which windows.</summary>
internal static class Downsampled
{
    /// <summary>What of an interval a function needs; null for one that needs every sample.</summary>
    public static SampleAggregate? Of(string function) => function switch
    {
        "rate" or "increase" or "delta" or "min_over_time" or "max_over_time" or "first_over_time" or "last_over_time"
            or "present_over_time" or "absent_over_time" => SampleAggregate.Points,
        "sum_over_time" => SampleAggregate.Sum,
        "count_over_time" => SampleAggregate.Count,
        _ => null,
    };

    /// <summary>The greatest time that divides the ends of all windows, which are evenly spaced, and their length; 0 where only zero
    /// does.</summary>
    public static long Alignment(ReadOnlySpan<long> ends, long rangeMs) =>
        Divisor(Divisor(Math.Abs(ends[0]), ends.Length > 1 ? ends[1] - ends[0] : 0), rangeMs);

    private static long Divisor(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }
        return left;
    }
}
