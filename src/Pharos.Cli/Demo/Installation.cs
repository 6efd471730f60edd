namespace Pharos.Cli.Demo;

/// <summary>What the demo needs from the checkout that the launcher names.</summary>
internal static class Installation
{
    private static string? Home => Environment.GetEnvironmentVariable("PHAROS_HOME");

    public static string? Pack => Home is null ? null
        : Path.Combine(Home, "packs", "progressive-framework") is var pack && Directory.Exists(pack) ? pack : null;

    public static string? ReferenceApplication => Home is null ? null : new[] { "release", "debug" }
        .Select(configuration => Path.Combine(
            Home, "artifacts", "bin", "ProgressiveFramework", configuration, "ProgressiveFramework.dll"))
        .FirstOrDefault(File.Exists);
}
