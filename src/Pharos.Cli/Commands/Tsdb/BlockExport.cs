using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>Writes samples as blocks of Prometheus, one for each two hours, aligned as Prometheus aligns them.</summary>
/// <param name="created">Called with each finished block.</param>
internal sealed class BlockExport(string directory, ChunkFormat format, TimeProvider time, Action<PrometheusBlockMeta> created)
{
    private static readonly long WindowMs = (long)TimeSpan.FromHours(2).TotalMilliseconds;

    /// <summary>The start of the two hours that a time is in.</summary>
    public static long WindowStart(long timestampMs) => timestampMs - (((timestampMs % WindowMs) + WindowMs) % WindowMs);

    /// <summary>Each two hours of a range (both ends inclusive), cut to it.</summary>
    public static IEnumerable<(long MinTimeMs, long MaxTimeMs)> Windows(long minTimeMs, long maxTimeMs)
    {
        for (var start = WindowStart(minTimeMs); start <= maxTimeMs; start += WindowMs)
        {
            yield return (Math.Max(start, minTimeMs), Math.Min(start + WindowMs - 1, maxTimeMs));
        }
    }

    public void Write(long minTimeMs, long maxTimeMs, Func<long, long, IMetricQuerier> querier,
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, CancellationToken cancellation)
    {
        var samples = new SampleBuffer();
        foreach (var (from, to) in Windows(minTimeMs, maxTimeMs))
        {
            using var view = querier(from, to);
            var selected = TsdbSource.Select(view, selectors, cancellation);
            if (selected.Count == 0)
            {
                continue;
            }
            using var writer = new PrometheusBlockWriter(directory, format, time);
            foreach (var series in selected)
            {
                cancellation.ThrowIfCancellationRequested();
                samples.Clear();
                series.Read(from, to, samples);
                writer.Add(series.Labels, samples);
            }
            Finish(writer);
        }
    }

    /// <summary>Writes whole series, each in order of time.</summary>
    public void Write(IReadOnlyDictionary<LabelSet, SampleBuffer> series)
    {
        var windows = new SortedSet<long>();
        foreach (var samples in series.Values)
        {
            foreach (var timestampMs in samples.Timestamps)
            {
                windows.Add(WindowStart(timestampMs));
            }
        }
        var part = new SampleBuffer();
        foreach (var start in windows)
        {
            using var writer = new PrometheusBlockWriter(directory, format, time);
            foreach (var (labels, samples) in series)
            {
                part.Clear();
                for (var i = 0; i < samples.Count; i++)
                {
                    if (samples.Timestamps[i] >= start && samples.Timestamps[i] < start + WindowMs)
                    {
                        samples.CopyTo(part, i);
                    }
                }
                writer.Add(labels, part);
            }
            Finish(writer);
        }
    }

    private void Finish(PrometheusBlockWriter writer)
    {
        if (writer.Finish() is { } meta)
        {
            created(meta);
        }
    }
}
