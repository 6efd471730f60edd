using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Series;

/// <summary>Bytes of lines by labels and step.</summary>
internal sealed class VolumeTable(VolumeNaming naming, long startNs, long endNs, long stepNs)
{
    private const long NsPerMinute = 60_000_000_000;

    private readonly Dictionary<LabelSet, long[]> _bytes = [];

    public void Add(IReadOnlyList<ILogBlock> blocks)
    {
        var steps = (int)((endNs - startNs + stepNs - 1) / stepNs);
        foreach (var block in blocks)
        {
            foreach (var run in block.Runs)
            {
                if (run.MaxTimeNs < startNs || run.MinTimeNs >= endNs)
                {
                    continue;
                }
                foreach (var labels in naming.Of(run.Stream.Labels))
                {
                    if (!_bytes.TryGetValue(labels, out var bytes))
                    {
                        _bytes.Add(labels, bytes = new long[steps]);
                    }
                    AddRun(block, run, bytes);
                }
            }
        }
    }

    /// <summary>The largest first; of the same size by labels.</summary>
    public IReadOnlyList<(LabelSet Labels, long[] Bytes)> Largest(int limit) =>
        [.. _bytes.Select(static pair => (pair.Key, pair.Value))
            .OrderByDescending(static pair => pair.Value.Sum()).ThenBy(static pair => pair.Key).Take(limit)];

    private void AddRun(ILogBlock block, in LogRun run, long[] bytes)
    {
        if (bytes.Length > 1 && block.TryMinutes(run, out var minutes))
        {
            foreach (var minute in minutes)
            {
                var atNs = Math.Max(startNs, minute.Minute * NsPerMinute);
                if (atNs < endNs && (minute.Minute + 1) * NsPerMinute > startNs)
                {
                    bytes[(atNs - startNs) / stepNs] += minute.Bytes;
                }
            }
            return;
        }
        for (var i = 0; i < bytes.Length; i++)
        {
            var from = startNs + (i * stepNs);
            var to = Math.Min(endNs, from + stepNs);
            if (run.MaxTimeNs >= from && run.MinTimeNs < to)
            {
                bytes[i] += RunVolume.Of(block, run, from, to).Bytes;
            }
        }
    }
}
