using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Where lines end: found by their newlines where no line has one inside, else as a column of lengths.</summary>
internal static class LineEndsColumn
{
    /// <summary>Whether some line has a newline inside.</summary>
    public static bool AreNeeded(ReadOnlySpan<byte> lines, int rows) => lines.Count((byte)'\n') != rows;

    public static void Write(ReadOnlySpan<int> lineEnds, ByteWriter into)
    {
        var start = 0;
        foreach (var end in lineEnds)
        {
            into.UVarint((ulong)(end - start));
            start = end + 1;
        }
    }

    /// <summary>Finds them by the newlines.</summary>
    /// <returns>Whether there were as many.</returns>
    public static bool TryFind(ReadOnlySpan<byte> lines, Span<int> into)
    {
        var at = 0;
        for (var row = 0; row < into.Length; row++)
        {
            var length = lines[at..].IndexOf((byte)'\n');
            if (length < 0)
            {
                return false;
            }
            into[row] = at + length;
            at += length + 1;
        }
        return at == lines.Length;
    }

    /// <exception cref="Files.CorruptFileException">They are not the ends of lines of so many bytes.</exception>
    public static void Read(ref ByteReader reader, int lineBytes, Span<int> into)
    {
        var at = 0L;
        for (var row = 0; row < into.Length; row++)
        {
            at += (long)Math.Min(reader.UVarint(), int.MaxValue);
            if (at >= lineBytes)
            {
                throw reader.Corrupt($"line {row} ends at byte {at} of {lineBytes}");
            }
            into[row] = (int)at++;
        }
        if (at != lineBytes)
        {
            throw reader.Corrupt($"lines of {at} bytes in a frame of {lineBytes}");
        }
    }
}
