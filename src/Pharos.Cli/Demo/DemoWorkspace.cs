namespace Pharos.Cli.Demo;

/// <summary>A copy of the pack with this run's ports and folders in it.</summary>
internal static class DemoWorkspace
{
    /// <summary>Where the pack expects the reference application's logs.</summary>
    private const string UsualLogs = "/var/log/progressive-framework";

    private const string UsualPositions = "/tmp/positions.yaml";

    /// <param name="pharosPort">Where Pharos itself listens; the pack scrapes it on 9090.</param>
    /// <param name="logs">Where the reference application writes its logs.</param>
    public static void Write(string pack, string folder, DemoPorts ports, int pharosPort, string logs)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var file in Directory.EnumerateFiles(pack, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(pack, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var text = ports.Apply(File.ReadAllText(file))
                .Replace("127.0.0.1:9090", $"127.0.0.1:{pharosPort}", StringComparison.Ordinal)
                .Replace(UsualLogs, logs, StringComparison.Ordinal)
                .Replace(UsualPositions, Path.Combine(logs, "positions.yaml"), StringComparison.Ordinal);
            File.WriteAllText(target, text);
        }
    }
}
