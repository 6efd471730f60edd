using System.Buffers.Binary;
using System.Globalization;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>Constants of the head's chunk files; docs/formats/metric-head-chunks.md has the byte diagram.</summary>
internal static class ChunkFileFormat
{
    /// <summary>"PHHC", version: what a file begins with.</summary>
    public const uint Magic = 0x43484850;
    public const uint Version = 1;
    public const int HeaderBytes = 8;

    /// <summary>Before each chunk: its checksum.</summary>
    public const int ChunkHeaderBytes = 4;

    public const string Suffix = ".chunks";
    public const string QuarantineSuffix = ".corrupt";

    public static string FileName(uint number) => number.ToString("D8", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The number in a file's name; false for files that are no chunk files.</summary>
    public static bool TryParse(string fileName, out uint number)
    {
        number = 0;
        return fileName.EndsWith(Suffix, StringComparison.Ordinal) && uint.TryParse(
            fileName.AsSpan(0, fileName.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <returns>The bytes of the header.</returns>
    public static int WriteHeader(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], Version);
        return HeaderBytes;
    }
}
