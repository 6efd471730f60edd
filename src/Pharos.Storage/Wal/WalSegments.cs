using Pharos.Storage.Files;

namespace Pharos.Storage.Wal;

/// <summary>The names in a log's folder: <c>00000012.wal</c> is segment 12, <c>00000012.checkpoint</c> stands for
/// everything that was in the segments before 12.</summary>
internal static class WalSegments
{
    public const string SegmentSuffix = ".wal";
    public const string CheckpointSuffix = ".checkpoint";
    public const string TemporarySuffix = ".tmp";

    public static string SegmentName(long number) => NumberedName.Of(number, SegmentSuffix);

    public static string CheckpointName(long number) => NumberedName.Of(number, CheckpointSuffix);

    /// <summary>The numbers of the files with a suffix, rising. Other files are not ours and stay untouched.</summary>
    public static IReadOnlyList<long> Numbers(IFileSystem files, string directory, string suffix)
    {
        var numbers = new List<long>();
        foreach (var name in files.Files(directory))
        {
            if (NumberedName.TryParse(name, suffix, out var number))
            {
                numbers.Add(number);
            }
        }
        numbers.Sort();
        return numbers;
    }

    /// <summary>Whether others have the names of all segments in [from, until): such were skipped.</summary>
    public static bool AreTaken(IFileSystem files, string directory, long from, long until)
    {
        while (from < until && files.IsTaken(Path.Combine(directory, SegmentName(from))))
        {
            from++;
        }
        return from == until;
    }

    /// <summary>The newest segment and its size; 0 and 0 where there is none.</summary>
    public static (long Segment, long SizeBytes) Newest(IFileSystem files, string directory) =>
        Numbers(files, directory, SegmentSuffix) is [.., var newest] ? (newest, files.Size(Path.Combine(directory, SegmentName(newest))))
            : default;

    /// <summary>The bytes of all files in a log's folders.</summary>
    public static long SizeBytes(IFileSystem files, params IEnumerable<string> directories)
    {
        try
        {
            return directories.Sum(directory => files.Files(directory).Sum(name => files.Size(Path.Combine(directory, name))));
        }
        catch (IOException)
        {
            // A segment left between the listing and the question.
            return 0;
        }
    }
}
