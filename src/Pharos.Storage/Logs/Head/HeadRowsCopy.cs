using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Columns;

namespace Pharos.Storage.Logs.Head;

/// <summary>Takes rows out of chunks, one after the other, into arrays side by side.</summary>
internal sealed class HeadRowsCopy
{
    private readonly HeadMetadata _names;
    private readonly bool _withMetadata;
    private readonly MetadataBuilder _metadata = new();
    private readonly Memory<long> _times;
    private readonly Memory<byte> _lines;
    private readonly Memory<int> _ends;
    private int _count;
    private int _end;

    /// <param name="arrays">Gives the arrays, which must not go back before what is made of them is done with.</param>
    public HeadRowsCopy(ReadOnlySpan<(LogStream Stream, HeadRows Rows)> parts, HeadMetadata names, bool withMetadata, RowArrays arrays)
    {
        (_names, _withMetadata) = (names, withMetadata);
        var (count, lineBytes) = (0, 0);
        foreach (var (_, rows) in parts)
        {
            count += rows.Count;
            lineBytes = checked(lineBytes + rows.Lines.Length);
        }
        _times = arrays.Times(count);
        _lines = arrays.Bytes(lineBytes);
        _ends = arrays.Numbers(count);
    }

    public void Add(in HeadRows from, int row)
    {
        var line = from.Line(row);
        var into = _lines.Span[_end..];
        line.CopyTo(into);
        into[line.Length] = (byte)'\n';
        _times.Span[_count] = from.TimeNs(row);
        _ends.Span[_count] = _end + line.Length;
        _end += line.Length + 1;
        if (_withMetadata)
        {
            from.AddMetadata(row, _names, _metadata, _count);
        }
        _count++;
    }

    public LogRows Rows() => new(_times, _lines, _ends, _metadata.Build(_count), default);
}
