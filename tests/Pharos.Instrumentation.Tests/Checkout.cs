namespace Pharos.Instrumentation.Tests;

/// <summary>Where the sources lie, for files that a test compares with.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Pharos.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
