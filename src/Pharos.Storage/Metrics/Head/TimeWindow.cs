namespace Pharos.Storage.Metrics.Head;

/// <summary>The windows that time is cut into: multiples of a length, before the epoch too.</summary>
internal static class TimeWindow
{
    /// <summary>The start (inclusive) of the window that holds a time.</summary>
    public static long Start(long timeMs, long lengthMs)
    {
        var rest = timeMs % lengthMs;
        if (rest < 0)
        {
            rest += lengthMs;
        }
        return timeMs < long.MinValue + rest ? long.MinValue : timeMs - rest;
    }

    /// <summary>The end (exclusive) of the window that holds a time.</summary>
    public static long End(long timeMs, long lengthMs)
    {
        var start = Start(timeMs, lengthMs);
        return start > long.MaxValue - lengthMs ? long.MaxValue : start + lengthMs;
    }
}
