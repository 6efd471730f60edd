using Pharos.Storage.Logs.Columns;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>The rows of the block that is being made.</summary>
/// <remarks>Not thread-safe. Bounded by <see cref="TargetBytes"/> but for a longer line, and by <see cref="MaxRows"/>.</remarks>
internal sealed class BlockBuilder
{
    /// <summary>Lines of so many bytes make a block: small enough to be unpacked for a few lines, large enough to pack well.</summary>
    public const int TargetBytes = 1024 * 1024;

    public const int MaxRows = 64 * 1024;
    private const int MaxMetadataBytes = 4 * 1024 * 1024;

    private readonly MetadataBuilder _metadata = new();
    private readonly List<(int Stream, int First)> _runs = [];
    private readonly List<LogMinute> _minutes = [];
    private long[] _times = new long[1024];
    private byte[] _lines = new byte[TargetBytes];
    private int[] _lineEnds = new int[1024];

    public int Rows { get; private set; }

    public int LineBytes { get; private set; }

    public bool IsFull => LineBytes >= TargetBytes || Rows >= MaxRows || _metadata.TextBytes >= MaxMetadataBytes;

    /// <summary>Adds as many of the rows as there is room for, at least one where the block has none.</summary>
    /// <returns>How many.</returns>
    public int Append(int stream, LogRows rows, int first, int count)
    {
        var ends = rows.LineEnds;
        var start = first == 0 ? 0 : ends[first - 1] + 1;
        var taken = Math.Min(count, MaxRows - Rows);
        while (taken > 0 && (long)LineBytes + (ends[first + taken - 1] + 1 - start) > TargetBytes)
        {
            taken = taken <= 1 ? 0 : FittingBelow(ends, first, taken, start);
        }
        if (taken == 0)
        {
            if (Rows > 0)
            {
                return 0;
            }
            taken = 1;
        }
        Take(stream, rows, first, taken, start);
        return taken;
    }

    /// <summary>What came, with its runs; the builder is empty again, and what it gave is good until it gets more.</summary>
    public (LogRows Rows, RunTable Runs) Build()
    {
        var rows = new LogRows(_times.AsMemory(0, Rows), _lines.AsMemory(0, LineBytes), _lineEnds.AsMemory(0, Rows), _metadata.Build(Rows), default);
        var level = RunMinutes.LevelOf(rows.Metadata);
        var levels = new string?[level?.Values ?? 0];
        var runs = new BlockRun[_runs.Count];
        _minutes.Clear();
        for (var i = 0; i < runs.Length; i++)
        {
            var (stream, first) = _runs[i];
            var count = (i + 1 < runs.Length ? _runs[i + 1].First : Rows) - first;
            var firstMinute = _minutes.Count;
            RunMinutes.Count(rows, first, count, level, levels, _minutes);
            var lineStart = first == 0 ? 0 : _lineEnds[first - 1] + 1;
            runs[i] = new BlockRun(stream, first, count, _times[first], _times[first + count - 1], _lineEnds[first + count - 1] - lineStart - (count - 1L),
                firstMinute, _minutes.Count - firstMinute);
        }
        _runs.Clear();
        Rows = 0;
        LineBytes = 0;
        return (rows, new RunTable([.. rows.Metadata.Select(static column => column.Name)], runs, [.. _minutes]));
    }

    /// <summary>The largest number of rows, below <paramref name="taken"/>, whose lines fit.</summary>
    private int FittingBelow(ReadOnlySpan<int> ends, int first, int taken, int start)
    {
        var (low, high) = (0, taken - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            (low, high) = (long)LineBytes + (ends[first + middle - 1] + 1 - start) <= TargetBytes ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    private void Take(int stream, LogRows rows, int first, int count, int start)
    {
        var ends = rows.LineEnds;
        var bytes = ends[first + count - 1] + 1 - start;
        if (Rows + count > _times.Length)
        {
            var length = Math.Min(MaxRows, Math.Max(Rows + count, _times.Length * 2));
            Array.Resize(ref _times, length);
            Array.Resize(ref _lineEnds, length);
        }
        if (LineBytes + bytes > _lines.Length)
        {
            Array.Resize(ref _lines, LineBytes + bytes);
        }
        if (_runs.Count == 0 || _runs[^1].Stream != stream)
        {
            _runs.Add((stream, Rows));
        }
        rows.TimesNs.Slice(first, count).CopyTo(_times.AsSpan(Rows));
        rows.Lines.Slice(start, bytes).CopyTo(_lines.AsSpan(LineBytes));
        var shift = LineBytes - start;
        for (var i = 0; i < count; i++)
        {
            _lineEnds[Rows + i] = ends[first + i] + shift;
        }
        _metadata.Append(rows.Metadata, first, count, Rows);
        Rows += count;
        LineBytes += bytes;
    }
}
