using System.Globalization;

namespace Pharos.Storage.Files;

/// <summary>Names of files that are numbered: <c>00000012.wal</c>.</summary>
internal static class NumberedName
{
    public static string Of(long number, string suffix) => number.ToString("D8", CultureInfo.InvariantCulture) + suffix;

    /// <summary>The number in a file's name; false for files with another suffix, or without a number.</summary>
    public static bool TryParse(string name, string suffix, out long number)
    {
        number = 0;
        return name.EndsWith(suffix, StringComparison.Ordinal) && long.TryParse(
            name.AsSpan(0, name.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
