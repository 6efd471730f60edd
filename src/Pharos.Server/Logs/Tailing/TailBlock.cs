using Pharos.Storage.Logs;

namespace Pharos.Server.Logs.Tailing;

/// <summary>A handful of entries in the form in which queries read the store.</summary>
internal sealed class TailBlock : ILogBlock
{
    private readonly LogRows _rows;

    /// <param name="entries">At least one.</param>
    public TailBlock(IReadOnlyList<TailEntry> entries)
    {
        var sorted = entries.Select(static (entry, order) => (Entry: entry, Order: order))
            .GroupBy(static pair => pair.Entry.Stream)
            .SelectMany(static group => group.OrderBy(static pair => pair.Entry.TimeNs).ThenBy(static pair => pair.Order))
            .Select(static pair => pair.Entry).ToArray();
        Runs = RunsOf(sorted);
        MinTimeNs = sorted.Min(static entry => entry.TimeNs);
        MaxTimeNs = sorted.Max(static entry => entry.TimeNs);
        _rows = RowsOf(sorted);
    }

    public IReadOnlyList<LogRun> Runs { get; }

    public long MinTimeNs { get; }

    public long MaxTimeNs { get; }

    public bool MayContain(ReadOnlySpan<byte> text) => true;

    public bool MayHaveMetadata(string name, ReadOnlySpan<byte> value) => true;

    public bool TryMinutes(in LogRun run, out ReadOnlySpan<LogMinute> minutes)
    {
        minutes = default;
        return false;
    }

    public LogRows Read(LogColumns columns) => _rows;

    private static List<LogRun> RunsOf(TailEntry[] sorted)
    {
        var runs = new List<LogRun>();
        for (var first = 0; first < sorted.Length;)
        {
            var end = first;
            var bytes = 0L;
            while (end < sorted.Length && ReferenceEquals(sorted[end].Stream, sorted[first].Stream))
            {
                bytes += sorted[end++].Line.Length;
            }
            runs.Add(new LogRun(sorted[first].Stream, first, end - first, sorted[first].TimeNs, sorted[end - 1].TimeNs, bytes));
            first = end;
        }
        return runs;
    }

    private static LogRows RowsOf(TailEntry[] sorted)
    {
        var ends = new int[sorted.Length];
        using var lines = new MemoryStream();
        for (var i = 0; i < sorted.Length; i++)
        {
            lines.Write(sorted[i].Line);
            ends[i] = (int)lines.Length;
            lines.WriteByte((byte)'\n');
        }
        var names = sorted.SelectMany(static entry => entry.Metadata).Select(static pair => pair.Name).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return new LogRows(
            sorted.Select(static entry => entry.TimeNs).ToArray(), lines.ToArray(), ends, [.. names.Select(name => ColumnOf(name, sorted))],
            ReadOnlyMemory<bool>.Empty);
    }

    private static LogMetadataColumn ColumnOf(string name, TailEntry[] sorted)
    {
        var numbers = new int[sorted.Length];
        var ends = new List<int>();
        using var texts = new MemoryStream();
        for (var row = 0; row < sorted.Length; row++)
        {
            numbers[row] = -1;
            foreach (var (own, value) in sorted[row].Metadata)
            {
                if (own == name)
                {
                    numbers[row] = ends.Count;
                    texts.Write(value);
                    ends.Add((int)texts.Length);
                }
            }
        }
        return new LogMetadataColumn(name, numbers, texts.ToArray(), ends.ToArray());
    }
}
