using Pharos.Storage.Logs.Columns;

namespace Pharos.Storage.Logs.Head;

/// <summary>Some newest entries as a view sees them: a chunk of one stream as it lies in memory, or several small ones side by side.</summary>
/// <param name="parts">Not empty; of each some rows.</param>
/// <param name="reading">Keeps what is made of them.</param>
internal sealed class HeadLogBlock(HeadMetadata names, (LogStream Stream, HeadRows Rows)[] parts, ChunkReading reading) : ILogBlock
{
    private LogRun[]? _runs;

    public IReadOnlyList<LogRun> Runs => _runs ?? MakeRuns();

    public long MinTimeNs => Runs.Min(static run => run.MinTimeNs);

    public long MaxTimeNs => Runs.Max(static run => run.MaxTimeNs);

    public bool MayContain(ReadOnlySpan<byte> text) => true;

    public bool MayHaveMetadata(string name, ReadOnlySpan<byte> value) => true;

    /// <summary>Those of the whole head.</summary>
    public IReadOnlyCollection<string> MetadataNames => names.Names;

    public bool TryMinutes(in LogRun run, out ReadOnlySpan<LogMinute> minutes)
    {
        lock (reading)
        {
            var number = Number(run);
            reading.Minutes ??= new LogMinute[]?[parts.Length];
            minutes = reading.Minutes[number] ??= Count(run);
            return true;
        }
    }

    public LogRows Read(LogColumns columns)
    {
        lock (reading)
        {
            // What is read once stays: it is the memory of the head itself, but for metadata and what had to be sorted.
            var withMetadata = (columns & LogColumns.Metadata) != 0;
            if (reading.Rows is null || (withMetadata && !reading.HasMetadata))
            {
                reading.Rows = parts.Length == 1 && parts[0].Rows.IsSorted
                    ? parts[0].Rows.AsTheyLie(names, withMetadata) : HeadRows.Sorted(parts, names, withMetadata);
                reading.HasMetadata = withMetadata;
            }
            return reading.Rows;
        }
    }

    private LogRun[] MakeRuns()
    {
        var runs = new LogRun[parts.Length];
        var first = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            var (stream, rows) = parts[i];
            var (minNs, maxNs) = rows.TimeRange();
            runs[i] = new LogRun(stream, first, rows.Count, minNs, maxNs, rows.LineBytes);
            first += rows.Count;
        }
        return _runs = runs;
    }

    private int Number(in LogRun run)
    {
        var runs = _runs ?? MakeRuns();
        for (var i = 0; i < runs.Length; i++)
        {
            if (runs[i].First == run.First)
            {
                return i;
            }
        }
        throw new ArgumentException("a run of another block", nameof(run));
    }

    private LogMinute[] Count(in LogRun run)
    {
        var rows = Read(LogColumns.All);
        var level = RunMinutes.LevelOf(rows.Metadata);
        var minutes = new List<LogMinute>();
        RunMinutes.Count(rows, run.First, run.Count, level, new string?[level?.Values ?? 0], minutes);
        return [.. minutes];
    }
}
