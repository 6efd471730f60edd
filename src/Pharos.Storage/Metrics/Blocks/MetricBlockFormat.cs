using System.Globalization;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Constants of a block's file; docs/formats/metric-block.md has the byte diagram.</summary>
internal static class MetricBlockFormat
{
    /// <summary>"PHMB", first and last in the file.</summary>
    public const uint Magic = 0x424D4850;

    public const uint Version = 4;

    /// <summary>The third version, still read: as the fourth, but without the newer forms of packed columns.</summary>
    public const uint VersionWithoutPacked = 3;

    /// <summary>The second version, still read: no chunk is packed by columns.</summary>
    public const uint VersionWithoutVectors = 2;

    /// <summary>The first version, still read: its chunk lists do not name kinds, all chunks are XOR.</summary>
    public const uint VersionWithoutKinds = 1;

    /// <summary>Magic, version.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Before each chunk: its checksum.</summary>
    public const int ChunkHeaderBytes = 4;

    /// <summary>Length of the contents table, its checksum, magic.</summary>
    public const int FooterBytes = 12;

    public const string Suffix = ".block";
    public const string QuarantineSuffix = ".corrupt";
    public const string TemporarySuffix = ".tmp";

    public static string FileName(long number) => number.ToString("D8", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The number in a block's file name; false for files that are no blocks.</summary>
    public static bool TryParse(string fileName, out long number)
    {
        number = 0;
        return fileName.EndsWith(Suffix, StringComparison.Ordinal) && long.TryParse(
            fileName.AsSpan(0, fileName.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
