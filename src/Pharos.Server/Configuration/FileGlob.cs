namespace Pharos.Server.Configuration;

/// <summary>Expands the patterns of <c>rule_files</c>, <c>scrape_config_files</c> and <c>templates</c>: wildcards
/// in the last segment, and in any segment for templates.</summary>
internal static class FileGlob
{
    /// <summary>More files than any configuration has; keeps a pattern like <c>/*</c> from flooding the memory.</summary>
    public const int MaxFiles = 10_000;

    /// <summary>The files that an absolute pattern names, sorted; a pattern without wildcards names its file if it exists.</summary>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> found = ["/"];
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            var last = i == segments.Length - 1;
            found = !PathPattern.HasWildcards(segment)
                ? found.Select(folder => Path.Combine(folder, segment)).Where(path => last ? File.Exists(path) : Directory.Exists(path))
                : found.SelectMany(folder => Children(folder, segment, last));
        }
        return [.. found.Take(MaxFiles).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Children(string folder, string pattern, bool files)
    {
        try
        {
            var matches = PathPattern.Matcher(pattern);
            return (files ? Directory.EnumerateFiles(folder) : Directory.EnumerateDirectories(folder))
                .Where(path => matches(Path.GetFileName(path))).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
