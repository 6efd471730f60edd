using System.Globalization;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>The segments of a Prometheus log (<c>wal</c> or <c>wbl</c>) in the order in which they are replayed.</summary>
internal static class LogFolder
{
    private const string CheckpointPrefix = "checkpoint.";

    /// <summary>The last checkpoint's segments, then those that came after it.</summary>
    public static IReadOnlyList<string> Segments(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }
        var checkpoint = Directory.EnumerateDirectories(directory, CheckpointPrefix + "*")
            .Select(path => (path, Number: Number(Path.GetFileName(path)[CheckpointPrefix.Length..])))
            .Where(static found => found.Number >= 0)
            .OrderBy(static found => found.Number)
            .LastOrDefault((path: "", Number: -1));
        var segments = checkpoint.path.Length == 0 ? [] : Numbered(checkpoint.path, 0);
        return [.. segments, .. Numbered(directory, checkpoint.Number + 1)];
    }

    private static IEnumerable<string> Numbered(string directory, long from) => Directory.EnumerateFiles(directory)
        .Select(static path => (path, Number: Number(Path.GetFileName(path))))
        .Where(found => found.Number >= from)
        .OrderBy(static found => found.Number)
        .Select(static found => found.path);

    private static long Number(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
