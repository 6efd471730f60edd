using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Decodes the columns of a part's blocks.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BlockColumns(IReadFile file, string path, FrameCodec codec)
{
    /// <summary>A marker is one byte for so many at most.</summary>
    private const int MaxHexRatio = 36;

    /// <exception cref="IOException">The block cannot be read.</exception>
    public LogRows Read(BlockEntry entry, LogColumns columns, RowArrays arrays)
    {
        var times = (columns & LogColumns.Times) != 0 ? ReadTimes(entry, arrays) : default;
        var (lines, ends) = (default(Memory<byte>), default(Memory<int>));
        if ((columns & LogColumns.Lines) != 0)
        {
            lines = ReadLines(entry, arrays);
            ends = ReadLineEnds(entry, lines.Span, arrays);
        }
        else if ((columns & LogColumns.LineEnds) != 0)
        {
            ends = FindLineEnds(entry, arrays);
        }
        var metadata = (columns & LogColumns.Metadata) != 0
            ? MetadataColumns.Read(ReadBytes(entry.Metadata, arrays), entry.Rows, arrays, path, entry.Metadata.Offset) : [];
        return new LogRows(times, lines, ends, metadata, default);
    }

    private Memory<long> ReadTimes(BlockEntry entry, RowArrays arrays)
    {
        using var bytes = codec.ReadPooled(file, path, entry.Times);
        var reader = new ByteReader(bytes.Span, path, entry.Times.Offset);
        var times = arrays.Times(entry.Rows);
        TimesColumn.Read(ref reader, times.Span);
        return times;
    }

    private Memory<byte> ReadLines(BlockEntry entry, RowArrays arrays)
    {
        if (entry.HexTexts.SizeBytes == 0)
        {
            return entry.Lines.RawBytes == entry.LineBytes ? ReadBytes(entry.Lines, arrays)
                : throw Corrupt(entry.Lines.Offset, $"{entry.Lines.RawBytes} bytes of lines for {entry.LineBytes}");
        }
        using var rest = codec.ReadPooled(file, path, entry.Lines);
        using var taken = codec.ReadPooled(file, path, entry.HexTexts);
        if (entry.LineBytes / MaxHexRatio > rest.Span.Length)
        {
            throw Corrupt(entry.Lines.Offset, $"{rest.Span.Length} bytes of lines for {entry.LineBytes}");
        }
        var lines = arrays.Bytes(entry.LineBytes);
        return HexText.TryPutBack(rest.Span, taken.Span, lines.Span) ? lines
            : throw Corrupt(entry.HexTexts.Offset, "other texts than those taken out of the lines");
    }

    private Memory<int> ReadLineEnds(BlockEntry entry, ReadOnlySpan<byte> lines, RowArrays arrays)
    {
        var ends = arrays.Numbers(entry.Rows);
        return TryReadLineEnds(entry, ends.Span) || LineEndsColumn.TryFind(lines, ends.Span) ? ends : throw OtherLines(entry);
    }

    /// <summary>Finds where lines end without putting them together.</summary>
    private Memory<int> FindLineEnds(BlockEntry entry, RowArrays arrays)
    {
        var ends = arrays.Numbers(entry.Rows);
        if (TryReadLineEnds(entry, ends.Span))
        {
            return ends;
        }
        using var rest = codec.ReadPooled(file, path, entry.Lines);
        if (entry.HexTexts.SizeBytes == 0)
        {
            return rest.Span.Length == entry.LineBytes && LineEndsColumn.TryFind(rest.Span, ends.Span) ? ends : throw OtherLines(entry);
        }
        using var taken = codec.ReadPooled(file, path, entry.HexTexts);
        return HexText.TryFindLineEnds(rest.Span, taken.Span, entry.LineBytes, ends.Span) ? ends : throw OtherLines(entry);
    }

    /// <summary>Reads the column of line ends; false where the block has none because the newlines tell them.</summary>
    private bool TryReadLineEnds(BlockEntry entry, Span<int> ends)
    {
        if (entry.LineEnds.SizeBytes == 0)
        {
            return false;
        }
        using var bytes = codec.ReadPooled(file, path, entry.LineEnds);
        var reader = new ByteReader(bytes.Span, path, entry.LineEnds.Offset);
        LineEndsColumn.Read(ref reader, entry.LineBytes, ends);
        return true;
    }

    private Memory<byte> ReadBytes(in FramePlace place, RowArrays arrays)
    {
        if (place.SizeBytes == 0)
        {
            return default;
        }
        FrameCodec.CheckRatio(path, place);
        var bytes = arrays.Bytes(place.RawBytes);
        codec.Read(file, path, place, bytes.Span);
        return bytes;
    }

    private CorruptFileException OtherLines(BlockEntry entry) => Corrupt(entry.Lines.Offset, $"other lines than the {entry.Rows} of the block");

    private CorruptFileException Corrupt(long offset, string reason) => new(path, offset, reason);
}
