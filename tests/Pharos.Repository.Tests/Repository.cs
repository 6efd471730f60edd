namespace Pharos.Repository.Tests;

/// <summary>Finds the checkout that the tests were built from.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>Folders of tools: as in .gitignore.</summary>
    private static readonly string[] Made =
        [".git", "artifacts", "node_modules", "dist", ".vs", ".idea", ".vscode", "TestResults", "pharos-data", "data", "obj", "bin"];

    /// <summary>All C# files below a folder of the checkout, build output left out.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal)
                && !file.Contains("/obj/", StringComparison.Ordinal));

    /// <summary>What belongs to the repository: all files but those that tools make.</summary>
    public static IEnumerable<string> Tracked() => Below(new DirectoryInfo(Root));

    private static IEnumerable<string> Below(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => file.Name != ".git").Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(inner => !Made.Contains(inner.Name, StringComparer.Ordinal)).SelectMany(Below));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Pharos.slnx above the test's folder.");
    }
}
