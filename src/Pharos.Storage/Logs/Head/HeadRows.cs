using Pharos.Storage.Encoding;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Columns;

namespace Pharos.Storage.Logs.Head;

/// <summary>Rows of a head chunk as they were at one moment.</summary>
/// <remarks>Immutable.</remarks>
internal readonly struct HeadRows(
    long[] times, byte[] lines, int[] lineEnds, byte[] metadata, int[]? metadataEnds, int count, bool isSorted)
{
    public int Count => count;

    public bool IsSorted => isSorted;

    public ReadOnlyMemory<long> Times => times.AsMemory(0, count);

    public ReadOnlyMemory<int> LineEnds => lineEnds.AsMemory(0, count);

    /// <summary>With a newline behind each.</summary>
    public ReadOnlyMemory<byte> Lines => lines.AsMemory(0, count == 0 ? 0 : lineEnds[count - 1] + 1);

    public bool HasMetadata => metadataEnds is not null;

    /// <summary>Without newlines.</summary>
    public long LineBytes => count == 0 ? 0 : lineEnds[count - 1] - (count - 1L);

    public static ReadOnlySpan<byte> LineOf(byte[] lines, int[] lineEnds, int row)
    {
        var start = row == 0 ? 0 : lineEnds[row - 1] + 1;
        return lines.AsSpan(start, lineEnds[row] - start);
    }

    public static ReadOnlySpan<byte> MetadataOf(byte[] metadata, int[] ends, int row)
    {
        // Rows before the first with metadata may have come when there was no array, or a shorter one.
        var start = row == 0 ? 0 : ends[row - 1];
        return metadata.AsSpan(start, ends[row] - start);
    }

    public (long MinNs, long MaxNs) TimeRange()
    {
        if (isSorted)
        {
            return (times[0], times[count - 1]);
        }
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var time in times.AsSpan(0, count))
        {
            (min, max) = (Math.Min(min, time), Math.Max(max, time));
        }
        return (min, max);
    }

    /// <summary>The rows by time, those of one time as they came; null where they stand so already.</summary>
    public int[]? Order()
    {
        if (isSorted)
        {
            return null;
        }
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }
        var byTime = times;
        Array.Sort(order, (left, right) => byTime[left].CompareTo(byTime[right]) is var byTimes and not 0 ? byTimes : left.CompareTo(right));
        return order;
    }

    public long TimeNs(int row) => times[row];

    public ReadOnlySpan<byte> Line(int row) => LineOf(lines, lineEnds, row);

    /// <summary>Adds the metadata of a row to columns.</summary>
    public void AddMetadata(int row, HeadMetadata names, MetadataBuilder into, int intoRow)
    {
        if (metadataEnds is not { } ends)
        {
            return;
        }
        var reader = new ByteReader(MetadataOf(metadata, ends, row), "memory");
        while (reader.Remaining > 0)
        {
            var name = names[(int)reader.UVarint()];
            into.Column(name).Set(intoRow, reader.Take((int)reader.UVarint()));
        }
    }

    /// <summary>Rows that are sorted, without a copy but of their metadata.</summary>
    public LogRows AsTheyLie(HeadMetadata names, bool withMetadata)
    {
        var columns = new MetadataBuilder();
        if (withMetadata && metadataEnds is not null)
        {
            for (var row = 0; row < count; row++)
            {
                AddMetadata(row, names, columns, row);
            }
        }
        return new LogRows(Times, Lines, LineEnds, columns.Build(count), default);
    }

    /// <summary>Copies rows side by side, those of each part by time.</summary>
    public static LogRows Sorted(ReadOnlySpan<(LogStream Stream, HeadRows Rows)> parts, HeadMetadata names, bool withMetadata)
    {
        var copy = new HeadRowsCopy(parts, names, withMetadata, RowArrays.Own());
        foreach (var (_, rows) in parts)
        {
            var order = rows.Order();
            for (var i = 0; i < rows.Count; i++)
            {
                copy.Add(rows, order is null ? i : order[i]);
            }
        }
        return copy.Rows();
    }

    /// <summary>Copies rows of one stream by time, those of one time in the order of the parts.</summary>
    public static LogRows Merged(ReadOnlySpan<(LogStream Stream, HeadRows Rows)> parts, HeadMetadata names, RowArrays arrays)
    {
        var order = new List<(long TimeNs, int Part, int Row)>();
        for (var part = 0; part < parts.Length; part++)
        {
            for (var row = 0; row < parts[part].Rows.Count; row++)
            {
                order.Add((parts[part].Rows.TimeNs(row), part, row));
            }
        }
        order.Sort();
        var copy = new HeadRowsCopy(parts, names, withMetadata: true, arrays);
        foreach (var (_, part, row) in order)
        {
            copy.Add(parts[part].Rows, row);
        }
        return copy.Rows();
    }
}
