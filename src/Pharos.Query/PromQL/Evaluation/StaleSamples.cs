using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

internal static class StaleSamples
{
    /// <summary>Takes staleness markers out of a buffer: ranges never see them.</summary>
    public static void RemoveStale(this SampleBuffer buffer)
    {
        var values = buffer.Values;
        var first = 0;
        while (first < values.Length && !StaleMarker.Is(values[first]))
        {
            first++;
        }
        if (first == values.Length)
        {
            return;
        }
        var timestamps = buffer.Timestamps.ToArray();
        var kept = values.ToArray();
        buffer.Clear();
        for (var i = 0; i < kept.Length; i++)
        {
            if (!StaleMarker.Is(kept[i]))
            {
                buffer.Add(timestamps[i], kept[i]);
            }
        }
    }
}
