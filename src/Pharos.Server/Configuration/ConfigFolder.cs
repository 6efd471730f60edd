namespace Pharos.Server.Configuration;

/// <summary>The files of a folder that <c>serve DIR</c> runs on, each recognised by its content.</summary>
internal sealed class ConfigFolder
{
    /// <summary>How deep folders are searched.</summary>
    public const int MaxDepth = 8;

    /// <summary>How many files are looked at: a folder with more is not a folder of configuration.</summary>
    public const int MaxFiles = 5_000;

    private static readonly string[] Extensions = [".yml", ".yaml", ".json", ".rules", ".tmpl"];
    private static readonly string[] SkippedFolders = ["node_modules", "bin", "obj", "artifacts"];

    private ConfigFolder(string folder, IReadOnlyList<FoundFile> files)
    {
        Folder = folder;
        Files = files;
    }

    public string Folder { get; }

    /// <summary>By depth, then by name.</summary>
    public IReadOnlyList<FoundFile> Files { get; }

    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static ConfigFolder Scan(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"{folder}: no such folder");
        }
        var files = Paths(root, 0).Take(MaxFiles)
            .OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal)
            .Select(ConfigFileKinds.Of).ToList();
        return new ConfigFolder(root, files);
    }

    public IEnumerable<string> Of(ConfigFileKind kind) => Files.Where(file => file.Kind == kind).Select(file => file.Path);

    /// <summary>The file that is used where there can be only one: the one that lies highest, then the first by name.</summary>
    public string? Main(ConfigFileKind kind) => Of(kind).FirstOrDefault();

    /// <summary>One line per file: what it was taken for, and by what.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var file in Files)
        {
            var name = Path.GetRelativePath(Folder, file.Path);
            var single = file.Kind is ConfigFileKind.Prometheus or ConfigFileKind.Alertmanager or ConfigFileKind.Loki
                or ConfigFileKind.Promtail;
            yield return file.Kind == ConfigFileKind.Unknown ? $"{name}: not used ({file.Reason})"
                : single && Main(file.Kind) != file.Path
                    ? $"{name}: not used ({Path.GetRelativePath(Folder, Main(file.Kind)!)} is the {Describe(file.Kind)} here)"
                : $"{name}: {Describe(file.Kind)} (known by {file.Reason})";
        }
    }

    public static string Describe(ConfigFileKind kind) => kind switch
    {
        ConfigFileKind.Prometheus => "Prometheus configuration",
        ConfigFileKind.ScrapeConfigs => "scrape configurations",
        ConfigFileKind.Rules => "rules",
        ConfigFileKind.RuleTests => "rule unit tests",
        ConfigFileKind.Alertmanager => "Alertmanager configuration",
        ConfigFileKind.Loki => "Loki configuration",
        ConfigFileKind.Promtail => "Promtail configuration",
        ConfigFileKind.Dashboard => "dashboard",
        ConfigFileKind.ServiceLevelObjectives => "service level objectives",
        ConfigFileKind.Runbook => "runbook",
        ConfigFileKind.TargetFile => "targets",
        ConfigFileKind.Template => "notification templates",
        ConfigFileKind.Web => "web configuration",
        _ => "unknown",
    };

    private static IEnumerable<string> Paths(string folder, int depth)
    {
        string[] files, folders;
        try
        {
            files = Directory.GetFiles(folder);
            folders = depth < MaxDepth ? Directory.GetDirectories(folder) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return files.Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Concat(folders.Where(IsSearched).SelectMany(child => Paths(child, depth + 1)));
    }

    private static bool IsSearched(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && !SkippedFolders.Contains(name) &&
        !File.GetAttributes(folder).HasFlag(FileAttributes.ReparsePoint);
}
