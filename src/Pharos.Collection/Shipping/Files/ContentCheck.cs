namespace Pharos.Collection.Shipping.Files;

/// <summary>Compares content with what records know of it.</summary>
internal static class ContentCheck
{
    public static IContent Open(string path, PackedFormat format) =>
        format == PackedFormat.None ? new PlainContent(path) : new PackedContent(path, format);

    /// <summary>How rotation has packed a file, by its name.</summary>
    public static PackedFormat FormatOf(string path) => Path.GetExtension(path) switch
    {
        ".gz" => PackedFormat.Gzip,
        ".bz2" => PackedFormat.Bzip2,
        ".z" or ".zz" => PackedFormat.Zlib,
        _ => PackedFormat.None,
    };

    /// <summary>Whether all that a record has read of its file is there, unchanged.</summary>
    public static bool HoldsAll(IContent content, TailRecord record) =>
        Matches(content, 0, record.Head) && Matches(content, record.Offset - record.Tail.Length, record.Tail);

    /// <summary>The first bytes, no more than a sample has.</summary>
    public static byte[] Beginning(IContent content)
    {
        var bytes = new byte[TailRecord.MaxSampleBytes];
        return bytes[..ReadFully(content, bytes, 0)];
    }

    /// <summary>Reads until the buffer is full or the content ends.</summary>
    public static int ReadFully(IContent content, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length && content.Read(buffer[total..], offset + total) is var read and > 0)
        {
            total += read;
        }
        return total;
    }

    /// <summary>The length of unpacked content that is whole.</summary>
    /// <exception cref="InvalidDataException">It is not whole yet.</exception>
    public static long Length(IContent content)
    {
        var buffer = new byte[64 * 1024];
        var length = 0L;
        while (content.Read(buffer, length) is var read and > 0)
        {
            length += read;
        }
        return length;
    }

    private static bool Matches(IContent content, long offset, ContentSample sample)
    {
        if (sample.Length == 0)
        {
            return true;
        }
        Span<byte> bytes = stackalloc byte[TailRecord.MaxSampleBytes];
        bytes = bytes[..sample.Length];
        return ReadFully(content, bytes, offset) == sample.Length && ContentSample.Of(bytes) == sample;
    }
}
