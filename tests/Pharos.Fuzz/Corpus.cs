namespace Pharos.Fuzz;

/// <summary>The inputs that the repository keeps, and the place for what a hunt finds.</summary>
internal static class Corpus
{
    public static string Root { get; } = FindRoot();

    public static string FindingsFolder => Path.Combine(Root, "artifacts", "fuzz");

    /// <summary>The files of a target, by name.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Files(FuzzTarget target)
    {
        var folder = Path.Combine(Root, "tests", "corpus", target.CorpusFolder);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))
            : [];
    }

    /// <summary>All inputs that a target begins with.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Inputs(FuzzTarget target) =>
        Files(target).Concat(target.MadeInputs().Select((bytes, i) => ($"made-{i}", bytes)));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Pharos.slnx above the program's folder.");
    }
}
