using Snappier;

namespace Pharos.Storage.Encoding;

/// <summary>Unpacks snappy's block format. A block says itself how long it is unpacked; that is believed only as far as its own
/// length allows.</summary>
public static class SnappyBlock
{
    /// <summary>The best that the format can do: three bytes copy 64. (github.com/google/snappy, format_description.txt.)</summary>
    private const int MaxExpansion = 22;

    /// <exception cref="InvalidDataException">The bytes are no such block, or unpack to more than
    /// <paramref name="maxBytes"/>.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> block, int maxBytes)
    {
        var bytes = new byte[LengthOf(block, maxBytes)];
        Unpack(block, bytes);
        return bytes;
    }

    /// <summary>As <see cref="Unpack(ReadOnlySpan{byte}, int)"/>, into a buffer of the pool.</summary>
    /// <exception cref="InvalidDataException">As there.</exception>
    public static PooledBytes UnpackPooled(ReadOnlySpan<byte> block, int maxBytes)
    {
        var bytes = new PooledBytes(LengthOf(block, maxBytes));
        try
        {
            Unpack(block, bytes.Span);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> block, int maxBytes)
    {
        int length;
        try
        {
            length = Snappy.GetUncompressedLength(block);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
        {
            throw Corrupt(e);
        }
        if (length > maxBytes)
        {
            throw new InvalidDataException($"decoded size exceeds the {maxBytes} bytes limit");
        }
        return length >= 0 && length <= (long)block.Length * MaxExpansion ? length : throw Corrupt(null);
    }

    private static void Unpack(ReadOnlySpan<byte> block, Span<byte> into)
    {
        int written;
        try
        {
            written = Snappy.Decompress(block, into);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
        {
            throw Corrupt(e);
        }
        if (written != into.Length)
        {
            throw Corrupt(null);
        }
    }

    private static InvalidDataException Corrupt(Exception? inner) => new("snappy: corrupt input", inner);
}
