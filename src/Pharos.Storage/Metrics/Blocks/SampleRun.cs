using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Samples of one series that lie in one window: those of a buffer from one index (inclusive) to another
/// (exclusive), in order of time.</summary>
internal readonly record struct SampleRun(LabelSet Labels, SampleBuffer Samples, int From, int To)
{
    public int Count => To - From;

    public long MinTimeMs => Samples.Timestamps[From];

    public long MaxTimeMs => Samples.Timestamps[To - 1];

    /// <summary>Parts sorted samples by windows of a length.</summary>
    public static List<SampleRun> Split(LabelSet labels, SampleBuffer samples, long windowMs)
    {
        var runs = new List<SampleRun>();
        var from = 0;
        while (from < samples.Count)
        {
            var endMs = TimeWindow.End(samples.Timestamps[from], windowMs);
            var to = from + 1;
            while (to < samples.Count && samples.Timestamps[to] < endMs)
            {
                to++;
            }
            runs.Add(new SampleRun(labels, samples, from, to));
            from = to;
        }
        return runs;
    }
}
