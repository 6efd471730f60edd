namespace Pharos.Server.Hosting;

/// <summary>The files of a folder that a server uses.</summary>
internal sealed record FolderFiles(
    string? Prometheus, string? Alertmanager, IReadOnlyList<string> Rules, IReadOnlyList<string> Dashboards)
{
    private static readonly FolderFiles None = new(null, null, [], []);

    public static FolderFiles Of(string? folder)
    {
        if (folder is null)
        {
            return None;
        }
        return new FolderFiles(
            Named(folder, "prometheus.yml"),
            Named(folder, "alertmanager.yml"),
            Files(Path.Combine(folder, "rules"), "*.yml"),
            DashboardsOf(Path.Combine(folder, "dashboards")));
    }

    /// <summary>A dashboard, or all of a folder.</summary>
    public static IReadOnlyList<string> DashboardsOf(string path) => File.Exists(path) ? [path] : Files(path, "*.json");

    private static string? Named(string folder, string name) =>
        Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;

    private static string[] Files(string folder, string pattern) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
}
