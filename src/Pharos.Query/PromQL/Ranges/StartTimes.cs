namespace Pharos.Query.PromQL.Ranges;

/// <summary>What the time at which a counter began says of it (Prometheus' feature <c>use-start-timestamps</c>).</summary>
internal static class StartTimes
{
    /// <summary>Whether the counter began anew between two samples.</summary>
    /// <param name="startMs">0 where it is not known; a time at or after the sample's own says nothing either.</param>
    public static bool SayReset(long previousStartMs, long previousMs, long startMs, long timeMs)
    {
        if (startMs == 0 || startMs >= timeMs || startMs < previousMs)
        {
            return false;
        }
        // It began when the sample before was taken: so does each sample of a series of differences, and there the sample
        // before has a start time, too; a counter that merely does not know its start has none, or its own time.
        return startMs > previousMs || (previousStartMs != 0 && previousStartMs < previousMs);
    }

    /// <summary>Whether two samples claim to have counted the same time.</summary>
    public static bool Overlap(long previousStartMs, long previousMs, long startMs) =>
        startMs != 0 && startMs < previousMs && startMs != previousStartMs;
}
