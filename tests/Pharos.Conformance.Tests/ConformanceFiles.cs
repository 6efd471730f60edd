namespace Pharos.Conformance.Tests;

/// <summary>The peers' own test files, which lie beside the checkout and not in it; tests that need them skip without.</summary>
internal static class ConformanceFiles
{
    public const string Absent = "(no ../shared/conformance beside the checkout)";

    private static readonly string? Root = FindRoot();

    /// <summary>The full path of a file or folder; skips the test where there is none.</summary>
    public static string Path(string relative)
    {
        var path = Root is null ? null : System.IO.Path.Combine(Root, relative);
        if (path is null || (!File.Exists(path) && !Directory.Exists(path)))
        {
            Assert.Skip($"needs ../shared/conformance/{relative} beside the checkout");
        }
        return path;
    }

    /// <summary>The names of the files in a folder; one entry that will skip where the folder is absent.</summary>
    public static TheoryData<string> Named(string folder, Func<string, bool> wanted)
    {
        var data = new TheoryData<string>();
        var path = Root is null ? null : System.IO.Path.Combine(Root, folder);
        if (path is null || !Directory.Exists(path))
        {
            data.Add(Absent);
            return data;
        }
        foreach (var name in Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)).Where(wanted).Order(StringComparer.Ordinal))
        {
            data.Add(name);
        }
        return data;
    }

    private static string? FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.Parent is { } parent ? System.IO.Path.Combine(parent.FullName, "shared", "conformance") : null;
    }
}
