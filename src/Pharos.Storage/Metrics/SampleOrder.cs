namespace Pharos.Storage.Metrics;

/// <summary>Brings samples that came from overlapping blocks into order.</summary>
internal static class SampleOrder
{
    /// <summary>Sorts what follows <paramref name="start"/> by time; of samples with one timestamp the last added stays. Does
    /// nothing but look where the samples are in order, as they are unless blocks overlap.</summary>
    public static void Restore(SampleBuffer samples, int start)
    {
        var timestamps = samples.Timestamps[start..];
        var i = 1;
        while (i < timestamps.Length && timestamps[i - 1] < timestamps[i])
        {
            i++;
        }
        if (i >= timestamps.Length)
        {
            return;
        }
        var byTime = new SortedDictionary<long, double>();
        var values = samples.Values[start..];
        for (i = 0; i < timestamps.Length; i++)
        {
            byTime[timestamps[i]] = values[i];
        }
        samples.Truncate(start);
        foreach (var (timestampMs, value) in byTime)
        {
            samples.Add(timestampMs, value);
        }
    }
}
