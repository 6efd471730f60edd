namespace Pharos.Collection.Tests;

/// <summary>Test data of other projects, beside the checkout where it is present.</summary>
internal static class Conformance
{
    /// <summary>The folder or file, or a skipped test that says what is missing.</summary>
    public static string Require(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        var found = Path.Combine([folder?.Parent?.FullName ?? "/", "shared", "conformance", .. path]);
        if (!Path.Exists(found))
        {
            Assert.Skip($"no conformance data: shared/conformance/{string.Join('/', path)}");
        }
        return found;
    }
}
