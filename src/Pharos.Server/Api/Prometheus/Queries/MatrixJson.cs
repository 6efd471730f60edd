using System.Collections.Concurrent;
using Pharos.Query.Results;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Writes the series of matrices. Many numbers are put into text by several threads, part by part; what comes out does not
/// depend on how many there are.</summary>
/// <remarks>Thread-safe. Keeps what its writers know of values for the next answer, which mostly has them again.</remarks>
/// <param name="threads">How many work on one answer.</param>
internal sealed class MatrixJson(int threads)
{
    /// <summary>What a part holds at least, unless it is the last.</summary>
    private const int PointsPerPart = 2048;

    /// <summary>How many parts are made at once, and wait while as many are sent: bounds what waits in memory, with the longest series.</summary>
    private const int PartsPerRound = 24;

    /// <summary>What the labels of a series cost, in points.</summary>
    private const int PointsOfLabels = 8;

    /// <summary>The first size of the buffer of a part; most fit.</summary>
    private const int ExpectedBytes = 64 * 1024;

    private readonly ConcurrentStack<SeriesWriter> _unused = new();

    public async ValueTask WriteAsync(JsonStream stream, IReadOnlyList<MatrixSeries> series)
    {
        var rounds = Parts(series).Chunk(PartsPerRound).ToList();
        for (var i = 0; i < rounds.Count; i++)
        {
            var round = rounds[i];
            if (i == 0)
            {
                Append(stream, Write(series, round));
                continue;
            }
            var writing = Task.Run(() => Write(series, round));
            try
            {
                await stream.BreatheAsync();
            }
            finally
            {
                // The stream gives the buffers back, whatever happens.
                Append(stream, await writing);
            }
        }
        await stream.BreatheAsync();
    }

    private static void Append(JsonStream stream, PooledBuffer[] texts)
    {
        foreach (var text in texts)
        {
            stream.Append(text);
        }
    }

    /// <returns>The text of each part.</returns>
    private PooledBuffer[] Write(IReadOnlyList<MatrixSeries> series, Range[] parts)
    {
        var texts = new PooledBuffer[parts.Length];
        var begun = -1;
        if (Math.Min(threads, parts.Length) is > 1 and var workers)
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ => Work());
        }
        else
        {
            Work();
        }
        return texts;

        void Work()
        {
            var writer = _unused.TryPop(out var unused) ? unused : new SeriesWriter();
            for (int part; (part = Interlocked.Increment(ref begun)) < parts.Length;)
            {
                texts[part] = new PooledBuffer(ExpectedBytes);
                writer.Write(texts[part], series, parts[part]);
            }
            if (_unused.Count < threads)
            {
                _unused.Push(writer);
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
