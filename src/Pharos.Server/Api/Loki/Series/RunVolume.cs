using Pharos.Storage.Logs;

namespace Pharos.Server.Api.Loki.Series;

/// <summary>How much of a run lies in a range. By minutes where the block knows them; else as if the run were spread evenly.</summary>
internal static class RunVolume
{
    private const long NsPerMinute = 60_000_000_000;

    public static (long Entries, long Bytes) Of(ILogBlock block, in LogRun run, long startNs, long endNs)
    {
        if (run.MinTimeNs >= startNs && run.MaxTimeNs < endNs)
        {
            return (run.Count, run.LineBytes);
        }
        if (block.TryMinutes(run, out var minutes))
        {
            var (entries, bytes) = (0L, 0L);
            foreach (var minute in minutes)
            {
                if (minute.Minute * NsPerMinute < endNs && (minute.Minute + 1) * NsPerMinute >= startNs)
                {
                    entries += minute.Entries;
                    bytes += minute.Bytes;
                }
            }
            return (entries, bytes);
        }
        var length = Math.Max(1, run.MaxTimeNs - run.MinTimeNs);
        var share = (Math.Min(endNs, run.MaxTimeNs) - Math.Max(startNs, run.MinTimeNs)) / (double)length;
        return ((long)(run.Count * share), (long)(run.LineBytes * share));
    }
}
