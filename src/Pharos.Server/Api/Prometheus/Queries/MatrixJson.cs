using Pharos.Query.Results;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Writes the series of a matrix. Many numbers are put into text by several threads, part by part, while earlier parts are
/// sent; what comes out does not depend on how many there are.</summary>
internal static class MatrixJson
{
    /// <summary>What a part holds at least, unless it is the last. Bounds what waits in memory, with the number of threads and the longest
    /// series.</summary>
    private const int PointsPerPart = 4096;

    /// <summary>What the labels of a series cost, in points.</summary>
    private const int PointsOfLabels = 8;

    public static async ValueTask WriteAsync(JsonStream stream, IReadOnlyList<MatrixSeries> series, int threads)
    {
        var parts = Parts(series);
        var writers = new SeriesWriter[Math.Min(threads + 1, parts.Count)];
        var running = new Queue<(SeriesWriter Writer, Task Written)>();
        try
        {
            for (var i = 0; i < writers.Length; i++)
            {
                writers[i] = new SeriesWriter();
            }
            var begun = 0;
            for (; begun < writers.Length; begun++)
            {
                Begin(writers[begun], parts[begun]);
            }
            while (running.TryPeek(out var first))
            {
                await first.Written;
                await stream.SendAsync(first.Writer.Written);
                running.Dequeue();
                if (begun < parts.Count)
                {
                    Begin(first.Writer, parts[begun++]);
                }
            }
        }
        finally
        {
            // Nobody may write into a buffer that is given back.
            await Task.WhenAll(running.Select(static part => part.Written)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var writer in writers)
            {
                writer?.Dispose();
            }
        }

        void Begin(SeriesWriter writer, Range part)
        {
            // One part alone is sooner written than handed over.
            if (parts.Count == 1)
            {
                writer.Write(series, part);
                running.Enqueue((writer, Task.CompletedTask));
            }
            else
            {
                running.Enqueue((writer, Task.Run(() => writer.Write(series, part))));
            }
        }
    }

    private static List<Range> Parts(IReadOnlyList<MatrixSeries> series)
    {
        var parts = new List<Range>();
        var (from, points) = (0, 0);
        for (var i = 0; i < series.Count; i++)
        {
            points += PointsOfLabels + series[i].TimestampsMs.Count + (PointsOfLabels * series[i].Histograms.Count);
            if (points >= PointsPerPart || i == series.Count - 1)
            {
                parts.Add(from..(i + 1));
                (from, points) = (i + 1, 0);
            }
        }
        return parts;
    }
}
