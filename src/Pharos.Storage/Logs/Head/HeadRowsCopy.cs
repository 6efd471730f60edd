using Pharos.Storage.Logs.Columns;

namespace Pharos.Storage.Logs.Head;

/// <summary>Takes rows out of chunks, one after the other, into arrays of their own.</summary>
internal sealed class HeadRowsCopy
{
    private readonly HeadMetadata _names;
    private readonly bool _withMetadata;
    private readonly MetadataBuilder _metadata = new();
    private readonly long[] _times;
    private readonly byte[] _lines;
    private readonly int[] _ends;
    private int _count;
    private int _end;

    public HeadRowsCopy(ReadOnlySpan<(LogStream Stream, HeadRows Rows)> parts, HeadMetadata names, bool withMetadata)
    {
        (_names, _withMetadata) = (names, withMetadata);
        var (count, lineBytes) = (0, 0);
        foreach (var (_, rows) in parts)
        {
            count += rows.Count;
            lineBytes = checked(lineBytes + rows.Lines.Length);
        }
        _times = GC.AllocateUninitializedArray<long>(count);
        _lines = GC.AllocateUninitializedArray<byte>(lineBytes);
        _ends = GC.AllocateUninitializedArray<int>(count);
    }

    public void Add(in HeadRows from, int row)
    {
        var line = from.Line(row);
        line.CopyTo(_lines.AsSpan(_end));
        _end += line.Length;
        _times[_count] = from.TimeNs(row);
        _ends[_count] = _end;
        _lines[_end++] = (byte)'\n';
        if (_withMetadata)
        {
            from.AddMetadata(row, _names, _metadata, _count);
        }
        _count++;
    }

    public LogRows Rows() => new(_times, _lines, _ends, _metadata.Build(_count), default);
}
