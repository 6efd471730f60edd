namespace Pharos.Alerting.Tests.Templates;

/// <summary>Test material of others, beside the checkout; it need not be there.</summary>
internal static class Conformance
{
    public static readonly string Folder = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Pharos.slnx")))
        {
            directory = directory.Parent;
        }
        return Path.Combine(directory?.Parent?.FullName ?? "", "shared", "conformance");
    }
}
