using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Ranges whose bounds are met by real or interpolated samples: nothing is extrapolated.</summary>
internal static class ExtendedRanges
{
    private static readonly string[] Anchored = ["changes", "delta", "increase", "rate", "resets"];
    private static readonly string[] Smoothed = ["delta", "increase", "rate"];

    /// <exception cref="QueryException">The function makes no sense of such a range.</exception>
    public static void Check(RangeExtension extension, string function)
    {
        if (extension == RangeExtension.None)
        {
            return;
        }
        var (word, functions) = extension == RangeExtension.Anchored ? ("anchored", Anchored) : ("smoothed", Smoothed);
        if (!functions.Contains(function, StringComparer.Ordinal))
        {
            throw new QueryException(QueryErrorKind.Execution,
                $"{word} modifier can only be used with: {string.Join(", ", functions)} - not with {function}");
        }
    }

    /// <summary>From the value at the window's start to that at its end.</summary>
    public static double Change(in RangeWindow window, bool counter)
    {
        var times = window.Timestamps;
        var values = window.Values;
        var first = values[0];
        var last = values[^1];
        if (window.Extension == RangeExtension.Smoothed && window.Count > 1)
        {
            first = times[0] < window.StartMs ? Between(window, 0, window.StartMs, counter) : first;
            last = times[^1] > window.EndMs ? Between(window, window.Count - 2, window.EndMs, counter) : last;
        }
        var change = last - first;
        if (!counter)
        {
            return change;
        }
        var previous = first;
        for (var i = 1; i < window.Count; i++)
        {
            var value = i < window.Count - 1 ? values[i] : last;
            change += value < previous ? previous : 0;
            previous = value;
        }
        return change;
    }

    /// <summary>The value at a time between two samples; a counter that was reset there counts from zero.</summary>
    private static double Between(in RangeWindow window, int before, long timeMs, bool counter)
    {
        var (from, to) = (window.Values[before], window.Values[before + 1]);
        return Interpolate(window.Timestamps[before], counter && to < from ? 0 : from, window.Timestamps[before + 1], to, timeMs);
    }

    public static double Interpolate(long fromMs, double from, long toMs, double to, long timeMs) =>
        from + ((to - from) * ((timeMs - fromMs) / (double)(toMs - fromMs)));
}
