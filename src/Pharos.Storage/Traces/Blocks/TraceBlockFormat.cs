using System.Globalization;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>Constants of a block's file; docs/formats/trace-block.md has the byte diagram.</summary>
internal static class TraceBlockFormat
{
    /// <summary>"PHTB", first and last in the file.</summary>
    public const uint Magic = 0x42544850;

    public const uint Version = 1;

    /// <summary>Magic, version.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Length of the contents table, its checksum, magic.</summary>
    public const int FooterBytes = 12;

    /// <summary>More than any writer puts into one frame.</summary>
    public const int MaxFrameBytes = 1 << 30;

    /// <summary>A longer trace is several pieces, all but the last of so many spans: so a page is never much larger.</summary>
    public const int MaxPieceRows = 8192;

    public const string Suffix = ".traces";
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
