using System.Runtime.InteropServices;
using Pharos.Storage.Logs;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>Entries of all streams; the runs are those of the streams that were asked for. Its filters and counts are exact.</summary>
internal sealed class NaiveLogBlock : ILogBlock
{
    private const long MinuteNs = 60_000_000_000;

    private readonly List<NaiveEntry> _rows;

    public NaiveLogBlock(IEnumerable<NaiveEntry> entries, Func<LogStream, bool> isAsked)
    {
        _rows = [.. entries.OrderBy(static entry => entry.Stream.Labels).ThenBy(static entry => entry.TimeNs)];
        var runs = new List<LogRun>();
        foreach (var group in _rows.Select(static (row, index) => (Row: row, Index: index)).GroupBy(static pair => pair.Row.Stream))
        {
            if (isAsked(group.Key))
            {
                runs.Add(new LogRun(group.Key, group.First().Index, group.Count(), group.First().Row.TimeNs, group.Last().Row.TimeNs,
                    group.Sum(static pair => pair.Row.Line.Length)));
            }
        }
        Runs = runs;
    }

    public IReadOnlyList<LogRun> Runs { get; }

    public long MinTimeNs => Runs.Min(static run => run.MinTimeNs);

    public long MaxTimeNs => Runs.Max(static run => run.MaxTimeNs);

    public IReadOnlyCollection<string>? MetadataNames => _rows.SelectMany(static row => row.Metadata.Select(static pair => pair.Name)).ToHashSet();

    public bool MayContain(ReadOnlySpan<byte> text)
    {
        var folded = Folded(text);
        foreach (var row in _rows)
        {
            if (Folded(row.Line).AsSpan().IndexOf(folded) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    private static byte[] Folded(ReadOnlySpan<byte> text)
    {
        var folded = text.ToArray();
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = folded[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(folded[i] | 0x20) : folded[i];
        }
        return folded;
    }

    public bool MayHaveMetadata(string name, ReadOnlySpan<byte> value)
    {
        foreach (var row in _rows)
        {
            foreach (var pair in row.Metadata)
            {
                if (pair.Name == name && value.SequenceEqual(pair.Value))
                {
                    return true;
                }
            }
        }
        return false;
    }

    public bool TryMinutes(in LogRun run, out ReadOnlySpan<LogMinute> minutes)
    {
        minutes = _rows.GetRange(run.First, run.Count)
            .GroupBy(static row => (Minute: (row.TimeNs - 1) / MinuteNs, Level: Level(row)))
            .Select(static group => new LogMinute(group.Key.Minute, group.Key.Level, group.Count(), group.Sum(static row => row.Line.Length)))
            .ToArray();
        return true;
    }

    public LogRows Read(LogColumns columns)
    {
        var names = _rows.SelectMany(static row => row.Metadata.Select(static pair => pair.Name)).Distinct().Order(StringComparer.Ordinal);
        var lines = (columns & (LogColumns.Lines | LogColumns.LineEnds)) != 0 ? _rows : [];
        var ends = new List<int>();
        var text = new List<byte>();
        foreach (var row in lines)
        {
            text.AddRange(row.Line);
            ends.Add(text.Count);
            text.Add((byte)'\n');
        }
        return new LogRows(_rows.Select(static row => row.TimeNs).ToArray(), text.ToArray(), ends.ToArray(),
            columns.HasFlag(LogColumns.Metadata) ? [.. names.Select(Column)] : [], ReadOnlyMemory<bool>.Empty);
    }

    /// <summary>Rows that are overwritten once they are given back: whoever still looks at them finds other lines.</summary>
    public BorrowedRows Borrow(LogColumns columns)
    {
        var rows = Read(columns);
        return new BorrowedRows(rows, new Overwriting(rows));
    }

    private static string Level(NaiveEntry row) =>
        System.Text.Encoding.UTF8.GetString(row.Metadata.FirstOrDefault(static pair => pair.Name == "detected_level").Value ?? []);

    private LogMetadataColumn Column(string name)
    {
        var values = _rows.Select(row => row.Metadata.FirstOrDefault(pair => pair.Name == name).Value).ToList();
        var distinct = values.OfType<byte[]>().Select(Convert.ToHexString).Distinct().ToList();
        var numbers = values.Select(value => value is null ? -1 : distinct.IndexOf(Convert.ToHexString(value)));
        var texts = new List<byte>();
        var ends = new List<int>();
        foreach (var value in distinct)
        {
            texts.AddRange(Convert.FromHexString(value));
            ends.Add(texts.Count);
        }
        return new LogMetadataColumn(name, numbers.ToArray(), texts.ToArray(), ends.ToArray());
    }

    private sealed class Overwriting(LogRows rows) : IDisposable
    {
        private readonly LogRows _same = rows.With(ReadOnlyMemory<bool>.Empty);

        public void Dispose()
        {
            Overwrite(_same.Lines);
            Overwrite(MemoryMarshal.AsBytes(_same.TimesNs));
            Overwrite(MemoryMarshal.AsBytes(_same.LineEnds));
        }

        private static void Overwrite(ReadOnlySpan<byte> bytes) =>
            MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length).Fill(0xDB);
    }
}
