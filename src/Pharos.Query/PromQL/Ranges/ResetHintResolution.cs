using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Ranges;

internal static class ResetHintResolution
{
    /// <summary>Compares each histogram that says nothing of resets with the one before it.</summary>
    public static void ResolveHints(this SampleBuffer samples)
    {
        if (!samples.HasHistograms)
        {
            return;
        }
        var times = samples.Timestamps.ToArray();
        var values = samples.Values.ToArray();
        var histograms = samples.Histograms.ToArray();
        var starts = samples.StartTimes.ToArray();
        samples.Clear();
        NativeHistogram? previous = null;
        for (var i = 0; i < times.Length; i++)
        {
            var current = histograms[i];
            samples.Add(times[i], values[i], Resolve(previous, current), starts.Length == 0 ? 0 : starts[i]);
            previous = current is null || current.IsStale ? previous : current;
        }
    }

    private static NativeHistogram? Resolve(NativeHistogram? previous, NativeHistogram? current) =>
        previous is null || current is null || current.IsStale || current.ResetHint != CounterResetHint.Unknown ? current
            : current.WithHint(current.IsResetSince(previous)
                ? CounterResetHint.CounterReset : CounterResetHint.NotCounterReset);
}
