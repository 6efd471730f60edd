using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Globs of paths: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>{a,b}</c>, and <c>**</c> for any folders.</summary>
internal static class PathGlob
{
    /// <summary>Files that one glob may name.</summary>
    private const int MaxFiles = 50_000;

    private const int MaxDepth = 32;

    public static bool HasWildcards(string pattern) => pattern.AsSpan().ContainsAny("*?[{");

    /// <summary>The files of a glob, those of <paramref name="exclude"/> left out, sorted.</summary>
    public static IReadOnlyList<string> Expand(string pattern, string exclude)
    {
        var excluded = exclude.Length == 0 ? null : Compile(exclude);
        IEnumerable<string> found = HasWildcards(pattern) ? Search(pattern) : File.Exists(pattern) ? [pattern] : [];
        return [.. found.Where(path => excluded is null || !excluded.IsMatch(path)).Take(MaxFiles).Order(StringComparer.Ordinal)];
    }

    public static bool IsMatch(string pattern, string path) => Compile(pattern).IsMatch(path);

    private static IEnumerable<string> Search(string pattern)
    {
        var segments = pattern.Split('/');
        var fixedSegments = segments.TakeWhile(static segment => !HasWildcards(segment)).ToArray();
        var root = fixedSegments.Length == 0 ? "." : string.Join('/', fixedSegments);
        var regex = Compile(pattern);
        // Without ** the depth is known.
        var depth = pattern.Contains("**", StringComparison.Ordinal) ? MaxDepth : segments.Length - fixedSegments.Length;
        return Walk(root.Length == 0 ? "/" : root, depth, segments, fixedSegments.Length).Where(regex.IsMatch);
    }

    private static IEnumerable<string> Walk(string folder, int depth, string[] segments, int at)
    {
        string[] files, folders;
        try
        {
            files = Directory.GetFiles(folder);
            folders = depth > 1 ? Directory.GetDirectories(folder) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        // Only folders that the next segment can mean are looked into.
        var next = at < segments.Length ? segments[at] : "**";
        var filter = next.Contains("**", StringComparison.Ordinal) ? null : Compile(next);
        var isAnywhere = filter is null;
        return (depth == 1 || isAnywhere ? files : []).Concat(folders
            .Where(child => filter is null || filter.IsMatch(Path.GetFileName(child)))
            .SelectMany(child => Walk(child, depth - 1, segments, isAnywhere ? at : at + 1)));
    }

    private static GoRegex Compile(string pattern)
    {
        var regex = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    var isFolders = i + 2 < pattern.Length && pattern[i + 2] == '/';
                    regex.Append(isFolders ? "(?:.*/)?" : ".*");
                    i += isFolders ? 2 : 1;
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[' when pattern.IndexOf(']', i) is var end and > 0:
                    regex.Append('[').Append(pattern[i + 1] is '!' or '^' ? "^" : "")
                        .Append(pattern, i + (pattern[i + 1] is '!' or '^' ? 2 : 1), end - i - (pattern[i + 1] is '!' or '^' ? 2 : 1)).Append(']');
                    i = end;
                    break;
                case '{' when pattern.IndexOf('}', i) is var close and > 0:
                    regex.Append("(?:").AppendJoin('|', pattern[(i + 1)..close].Split(',').Select(Quoted)).Append(')');
                    i = close;
                    break;
                default:
                    regex.Append(Quoted(pattern[i].ToString()));
                    break;
            }
        }
        return GoRegex.Anchored(regex.ToString());
    }

    private static string Quoted(string text) =>
        string.Concat(text.Select(static c => @"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
}
