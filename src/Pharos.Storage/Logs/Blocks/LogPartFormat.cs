using System.Globalization;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Constants of a part's file; docs/formats/log-part.md has the byte diagram.</summary>
internal static class LogPartFormat
{
    /// <summary>"PHLP", first and last in the file.</summary>
    public const uint Magic = 0x504C4850;

    public const uint Version = 1;

    /// <summary>Magic, version.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Length of the contents table, its checksum, magic.</summary>
    public const int FooterBytes = 12;

    /// <summary>More lines in one block than any writer puts there.</summary>
    public const int MaxFrameBytes = 1 << 30;

    public const string Suffix = ".logs";
    public const string QuarantineSuffix = ".corrupt";
    public const string TemporarySuffix = ".tmp";

    public static string FileName(long number) => number.ToString("D8", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The number in a part's file name; false for files that are no parts.</summary>
    public static bool TryParse(string fileName, out long number)
    {
        number = 0;
        return fileName.EndsWith(Suffix, StringComparison.Ordinal) && long.TryParse(
            fileName.AsSpan(0, fileName.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
