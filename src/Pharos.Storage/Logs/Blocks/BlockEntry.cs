using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>What a part's directory says of one block.</summary>
/// <param name="LineBytes">Of its lines with a newline each, unpacked.</param>
/// <param name="HexTexts">What <see cref="HexText"/> took out of the lines; nothing where it took nothing.</param>
/// <param name="FirstStream">The lowest number of a stream in it.</param>
/// <param name="LastStream">The highest, inclusive.</param>
internal sealed record BlockEntry(
    int Rows, int LineBytes, int FirstStream, int LastStream, long MinTimeNs, long MaxTimeNs, FramePlace Lines, FramePlace HexTexts, FramePlace LineEnds,
    FramePlace Times, FramePlace Metadata, FramePlace Runs, FramePlace TextFilter, FramePlace MetadataFilter)
{
    /// <summary>At least so many bytes an entry takes in the directory.</summary>
    public const int MinBytes = 24;

    public bool Overlaps(long startNs, long endNs) => MinTimeNs < endNs && MaxTimeNs >= startNs;

    public void Write(ByteWriter into)
    {
        into.UVarint((ulong)Rows);
        into.UVarint((ulong)LineBytes);
        into.UVarint((ulong)FirstStream);
        into.UVarint((ulong)(LastStream - FirstStream));
        into.Varint(MinTimeNs);
        into.UVarint(unchecked((ulong)(MaxTimeNs - MinTimeNs)));
        foreach (var frame in (ReadOnlySpan<FramePlace>)[Lines, HexTexts, LineEnds, Times, Metadata, Runs, TextFilter, MetadataFilter])
        {
            into.UVarint((ulong)frame.SizeBytes);
            if (frame.SizeBytes > 0)
            {
                into.UVarint((ulong)frame.Offset);
                into.UVarint((ulong)frame.RawBytes);
                into.U32(frame.Checksum);
            }
        }
    }

    /// <exception cref="Files.CorruptFileException">The entry makes no sense in a file of that size with so many streams.</exception>
    public static BlockEntry Read(ref ByteReader reader, long fileBytes, int streams)
    {
        var rows = reader.UVarint();
        var lineBytes = reader.UVarint();
        var firstStream = reader.UVarint();
        var lastStream = firstStream + reader.UVarint();
        var minTimeNs = reader.Varint();
        var maxTimeNs = unchecked(minTimeNs + (long)reader.UVarint());
        if (rows == 0 || lineBytes < rows || lineBytes > LogPartFormat.MaxFrameBytes
            || firstStream > lastStream || lastStream >= (ulong)streams || maxTimeNs < minTimeNs)
        {
            throw reader.Corrupt($"a block of {rows} rows of streams {firstStream} to {lastStream} of {streams}");
        }
        return new BlockEntry((int)rows, (int)lineBytes, (int)firstStream, (int)lastStream, minTimeNs, maxTimeNs, Frame(ref reader, fileBytes),
            Frame(ref reader, fileBytes), Frame(ref reader, fileBytes), Frame(ref reader, fileBytes), Frame(ref reader, fileBytes),
            Frame(ref reader, fileBytes), Frame(ref reader, fileBytes), Frame(ref reader, fileBytes));
    }

    private static FramePlace Frame(ref ByteReader reader, long fileBytes)
    {
        var sizeBytes = reader.UVarint();
        if (sizeBytes == 0)
        {
            return default;
        }
        var offset = reader.UVarint();
        var rawBytes = reader.UVarint();
        return sizeBytes <= LogPartFormat.MaxFrameBytes && rawBytes <= LogPartFormat.MaxFrameBytes && offset <= (ulong)fileBytes
            && sizeBytes <= (ulong)fileBytes - offset
            ? new FramePlace((long)offset, (int)sizeBytes, (int)rawBytes, reader.U32())
            : throw reader.Corrupt($"a frame of {sizeBytes} bytes at {offset} of {fileBytes}");
    }
}
