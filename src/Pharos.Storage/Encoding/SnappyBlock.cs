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
        if (length < 0 || length > (long)block.Length * MaxExpansion)
        {
            throw Corrupt(null);
        }
        try
        {
            return Snappy.DecompressToArray(block);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
        {
            throw Corrupt(e);
        }
    }

    private static InvalidDataException Corrupt(Exception? inner) => new("snappy: corrupt input", inner);
}
