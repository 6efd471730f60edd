namespace Pharos.Server.Tests;

/// <summary>Finds what lies in and beside the checkout that the tests were built from.</summary>
internal static class TestFolders
{
    public static readonly string Repository = Find();

    /// <summary>Material that several checkouts share; may be missing.</summary>
    public static string Shared => Path.Combine(Repository, "..", "shared");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Pharos.slnx above the test's folder.");
    }
}
