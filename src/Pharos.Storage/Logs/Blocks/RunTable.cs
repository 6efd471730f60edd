using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Columns;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>The runs of a block, by stream, with their counts by minute and level.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class RunTable(string[] metadataNames, BlockRun[] runs, LogMinute[] minutes)
{
    /// <summary>At least so many bytes a run takes.</summary>
    private const int MinRunBytes = 6;

    /// <summary>Of all rows, sorted.</summary>
    public IReadOnlyList<string> MetadataNames => metadataNames;

    /// <summary>Rising by stream.</summary>
    public ReadOnlySpan<BlockRun> Runs => runs;

    public ReadOnlySpan<LogMinute> MinutesOf(in BlockRun run) => minutes.AsSpan(run.FirstMinute, run.Minutes);

    /// <summary>The same runs where their streams have other numbers.</summary>
    public RunTable Renumbered(int stream) => new(metadataNames, [.. runs.Select(run => run with { Stream = stream })], minutes);

    public void Write(ByteWriter into)
    {
        var levels = new List<string>();
        foreach (var minute in minutes)
        {
            if (!levels.Contains(minute.Level))
            {
                levels.Add(minute.Level);
            }
        }
        Texts(metadataNames, into);
        Texts(levels, into);
        into.UVarint((ulong)runs.Length);
        var (stream, timeNs) = (0, 0L);
        foreach (var run in runs)
        {
            into.UVarint((ulong)(run.Stream - stream));
            into.UVarint((ulong)run.Count);
            into.Varint(unchecked(run.MinTimeNs - timeNs));
            into.UVarint(unchecked((ulong)(run.MaxTimeNs - run.MinTimeNs)));
            into.UVarint((ulong)run.LineBytes);
            (stream, timeNs) = (run.Stream, run.MinTimeNs);
            WriteMinutes(MinutesOf(run), levels, into);
        }
    }

    /// <param name="rows">Of the block.</param>
    /// <param name="levels">Keeps the texts of names and levels.</param>
    /// <exception cref="CorruptFileException">The table makes no sense, or does not belong to such a block.</exception>
    public static RunTable Read(ref ByteReader reader, int rows, LevelTexts levels)
    {
        var names = Texts(ref reader, levels);
        var known = Texts(ref reader, levels);
        var runs = new BlockRun[reader.Count(MinRunBytes)];
        var minutes = new List<LogMinute>(runs.Length);
        var (stream, timeNs, first) = (0L, 0L, 0L);
        for (var i = 0; i < runs.Length; i++)
        {
            var ahead = reader.UVarint();
            var count = reader.UVarint();
            timeNs = unchecked(timeNs + reader.Varint());
            var maxTimeNs = unchecked(timeNs + (long)reader.UVarint());
            var lineBytes = reader.UVarint();
            stream += (long)Math.Min(ahead, int.MaxValue);
            if (count == 0 || count > (ulong)(rows - first) || stream > int.MaxValue || maxTimeNs < timeNs || lineBytes > LogPartFormat.MaxFrameBytes
                || (i > 0 && ahead == 0))
            {
                throw reader.Corrupt($"a run of {count} rows from row {first} of {rows} on, of stream {stream}");
            }
            var firstMinute = minutes.Count;
            var run = new BlockRun((int)stream, (int)first, (int)count, timeNs, maxTimeNs, (long)lineBytes, firstMinute, 0);
            ReadMinutes(ref reader, run, known, minutes);
            runs[i] = run with { Minutes = minutes.Count - firstMinute };
            first += (long)count;
        }
        return first == rows ? new RunTable(names, runs, [.. minutes]) : throw reader.Corrupt($"runs of {first} rows in a block of {rows}");
    }

    private static void Texts(IReadOnlyList<string> texts, ByteWriter into)
    {
        into.UVarint((ulong)texts.Count);
        foreach (var text in texts)
        {
            into.Text(text);
        }
    }

    private static string[] Texts(ref ByteReader reader, LevelTexts known)
    {
        var texts = new string[reader.Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = known.Text(reader.Take(reader.Count()));
        }
        return texts;
    }

    private static void WriteMinutes(ReadOnlySpan<LogMinute> minutes, List<string> levels, ByteWriter into)
    {
        into.UVarint((ulong)minutes.Length);
        if (minutes.Length == 1)
        {
            // All else is the run's.
            into.UVarint((ulong)levels.IndexOf(minutes[0].Level));
            return;
        }
        var last = minutes[0].Minute;
        foreach (var minute in minutes)
        {
            into.UVarint((ulong)(minute.Minute - last));
            into.UVarint((ulong)levels.IndexOf(minute.Level));
            into.UVarint((ulong)minute.Entries);
            into.UVarint((ulong)minute.Bytes);
            last = minute.Minute;
        }
    }

    private static void ReadMinutes(ref ByteReader reader, in BlockRun run, string[] levels, List<LogMinute> into)
    {
        var count = reader.Count();
        var minute = RunMinutes.MinuteOf(run.MinTimeNs);
        if (count == 1)
        {
            into.Add(new LogMinute(minute, Level(ref reader, levels), run.Count, run.LineBytes));
            return;
        }
        var (entries, bytes) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            minute = unchecked(minute + (long)reader.UVarint());
            var level = Level(ref reader, levels);
            var read = new LogMinute(minute, level, (int)Math.Min(reader.UVarint(), int.MaxValue), (long)Math.Min(reader.UVarint(), int.MaxValue));
            into.Add(read);
            (entries, bytes) = (entries + read.Entries, bytes + read.Bytes);
        }
        if (entries != run.Count || bytes != run.LineBytes)
        {
            throw reader.Corrupt($"counts by minute of {entries} entries in a run of {run.Count}");
        }
    }

    private static string Level(ref ByteReader reader, string[] levels)
    {
        var number = reader.UVarint();
        return number < (ulong)levels.Length ? levels[number] : throw reader.Corrupt($"level {number} of {levels.Length}");
    }
}
