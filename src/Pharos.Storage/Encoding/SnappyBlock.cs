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
        var bytes = new byte[LengthOf(block, maxBytes, out var at)];
        return SnappyDecoder.TryDecode(block[at..], bytes) ? bytes : throw Corrupt();
    }

    /// <summary>As <see cref="Unpack"/>, into a buffer of the pool.</summary>
    /// <exception cref="InvalidDataException">As there.</exception>
    public static PooledBytes UnpackPooled(ReadOnlySpan<byte> block, int maxBytes)
    {
        var bytes = new PooledBytes(LengthOf(block, maxBytes, out var at));
        if (SnappyDecoder.TryDecode(block[at..], bytes.Span))
        {
            return bytes;
        }
        bytes.Dispose();
        throw Corrupt();
    }

    private static int LengthOf(ReadOnlySpan<byte> block, int maxBytes, out int at)
    {
        var length = SnappyDecoder.ReadLength(block, out at);
        if (length > maxBytes)
        {
            throw new InvalidDataException($"decoded size exceeds the {maxBytes} bytes limit");
        }
        return length >= 0 && length <= (long)block.Length * MaxExpansion ? length : throw Corrupt();
    }

    private static InvalidDataException Corrupt() => new("snappy: corrupt input");
}
