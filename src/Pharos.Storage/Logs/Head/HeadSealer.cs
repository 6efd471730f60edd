using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;
using Pharos.Storage.Text;

namespace Pharos.Storage.Logs.Head;

/// <summary>Writes a head that takes no more entries into parts, one for each day.</summary>
internal sealed class HeadSealer(LogHead head, LogFolder folder)
{
    /// <summary>So many parts are written at a time: each writer holds some MB.</summary>
    private const int MaxOpenParts = 8;

    /// <returns>The parts, opened. Where one cannot be written none stays.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public List<LogPart> Seal(CancellationToken cancellation)
    {
        var streams = new List<(LabelSet Key, HeadStream Stream)>(head.StreamCount);
        foreach (var stream in head.Streams)
        {
            streams.Add((LogStreamKey.Of(stream.Stream), stream));
        }
        streams.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        var numbers = new List<long>();
        var parts = new List<LogPart>();
        try
        {
            foreach (var days in Days().Chunk(MaxOpenParts))
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var number in Write(streams, days, cancellation))
                {
                    numbers.Add(number);
                    parts.Add(folder.Parts.Open(number));
                }
            }
            return parts;
        }
        catch
        {
            ISealedFile.ReleaseAll(parts);
            foreach (var number in numbers)
            {
                folder.Parts.Remove(number);
            }
            throw;
        }
    }

    private SortedSet<long> Days()
    {
        var days = new SortedSet<long>();
        foreach (var stream in head.Streams)
        {
            foreach (var chunk in stream.Chunks)
            {
                var rows = chunk.Rows();
                if (rows.Count == 0)
                {
                    continue;
                }
                var (minNs, maxNs) = rows.TimeRange();
                var (first, last) = (NanosecondTime.DayOf(minNs), NanosecondTime.DayOf(maxNs));
                if (first == last)
                {
                    days.Add(first);
                    continue;
                }
                foreach (var timeNs in rows.Times.Span)
                {
                    days.Add(NanosecondTime.DayOf(timeNs));
                }
            }
        }
        return days;
    }

    private List<long> Write(List<(LabelSet Key, HeadStream Stream)> streams, long[] days, CancellationToken cancellation)
    {
        var writers = new Dictionary<long, LogPartWriter>();
        var numbers = new List<long>();
        try
        {
            foreach (var day in days)
            {
                numbers.Add(folder.Parts.NextNumber());
                writers.Add(day, folder.Create(numbers[^1]));
            }
            var begun = new HashSet<long>();
            foreach (var (key, stream) in streams)
            {
                cancellation.ThrowIfCancellationRequested();
                begun.Clear();
                using var arrays = RowArrays.Pooled(poisons: false);
                foreach (var rows in RowsOf(stream, arrays))
                {
                    WriteRows(key, rows, writers, begun);
                }
            }
            for (var i = 0; i < days.Length; i++)
            {
                writers[days[i]].Finish(numbers[i]);
            }
            return numbers;
        }
        catch
        {
            foreach (var number in numbers)
            {
                folder.Parts.RemoveIfThere(number);
            }
            throw;
        }
        finally
        {
            foreach (var writer in writers.Values)
            {
                writer.Dispose();
            }
        }
    }

    /// <summary>A stream's entries by time: chunk by chunk where that is their order, else together.</summary>
    private List<LogRows> RowsOf(HeadStream stream, RowArrays arrays)
    {
        var parts = new List<(LogStream Stream, HeadRows Rows)>();
        var isOrdered = true;
        var untilNs = long.MinValue;
        foreach (var chunk in stream.Chunks)
        {
            var rows = chunk.Rows();
            if (rows.Count == 0)
            {
                continue;
            }
            var (minNs, maxNs) = rows.TimeRange();
            isOrdered &= rows.IsSorted && minNs >= untilNs;
            untilNs = Math.Max(untilNs, maxNs);
            parts.Add((stream.Stream, rows));
        }
        return isOrdered ? parts.ConvertAll(part => part.Rows.AsTheyLie(head.Metadata, withMetadata: true))
            : [HeadRows.Merged(parts.ToArray(), head.Metadata, arrays)];
    }

    private static void WriteRows(LabelSet key, LogRows rows, Dictionary<long, LogPartWriter> writers, HashSet<long> begun)
    {
        var times = rows.TimesNs;
        for (var first = 0; first < times.Length;)
        {
            var day = NanosecondTime.DayOf(times[first]);
            var count = NanosecondTime.DayOf(times[^1]) == day ? times.Length - first : CountOfDay(times[first..], day);
            if (writers.TryGetValue(day, out var writer))
            {
                if (begun.Add(day))
                {
                    writer.BeginStream(key, rows.LineEnds[first + count - 1] - (first == 0 ? 0 : rows.LineEnds[first - 1]));
                }
                writer.Append(rows, first, count);
            }
            first += count;
        }
    }

    private static int CountOfDay(ReadOnlySpan<long> times, long day)
    {
        var count = 1;
        while (count < times.Length && NanosecondTime.DayOf(times[count]) == day)
        {
            count++;
        }
        return count;
    }
}
