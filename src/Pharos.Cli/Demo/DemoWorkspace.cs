namespace Pharos.Cli.Demo;

/// <summary>A copy of the pack with this run's ports in it.</summary>
internal static class DemoWorkspace
{
    /// <param name="pharosPort">Where Pharos itself listens; the pack scrapes it on 9090.</param>
    public static void Write(string pack, string folder, DemoPorts ports, int pharosPort)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var file in Directory.EnumerateFiles(pack, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(pack, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var text = ports.Apply(File.ReadAllText(file));
            File.WriteAllText(target, text.Replace("127.0.0.1:9090", $"127.0.0.1:{pharosPort}", StringComparison.Ordinal));
        }
    }
}
