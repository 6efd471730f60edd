using Pharos.Alerting.Rules;
using Pharos.Server.Configuration.Rules;
using Pharos.Server.Logs;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads the rule files of the ruler's folder: one folder a tenant.</summary>
internal static class LokiRuleFiles
{
    private static readonly string[] Extensions = [".yml", ".yaml"];

    /// <param name="ownFolder">Where the rules lie that came over the API; null for none.</param>
    public static (IReadOnlyList<RuleGroupOptions> Groups, IReadOnlyList<ConfigFileReport> Reports) ReadAll(LokiConfig config, string? ownFolder) =>
        ReadAll(config, Files(config.Ruler.Directory).Concat(Files(ownFolder ?? "")));

    public static (IReadOnlyList<RuleGroupOptions> Groups, IReadOnlyList<ConfigFileReport> Reports) ReadAll(
        LokiConfig config, IEnumerable<(string Tenant, string File)> files)
    {
        var groups = new List<RuleGroupOptions>();
        var reports = new List<ConfigFileReport>();
        foreach (var (tenant, file) in files)
        {
            var result = RuleFile.Read(file, DefaultsOf(config, tenant));
            groups.AddRange(result.Groups);
            reports.Add(result.Report);
        }
        return (groups, reports);
    }

    /// <summary>The rule files of a folder, by tenant; none where there is no such folder.</summary>
    public static IEnumerable<(string Tenant, string File)> Files(string root) => root.Length == 0 || !Directory.Exists(root) ? []
        : Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).SelectMany(static folder =>
            Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Where(IsRuleFile).Select(file => (Path.GetFileName(folder), file)));

    /// <summary>The rule files on logs that lie anywhere in a folder; where there are tenants, the folder of each names its own.</summary>
    public static IEnumerable<(string Tenant, string File)> FilesIn(ConfigFolder folder, LokiConfig config) =>
        folder.Of(ConfigFileKind.Rules).Where(file => RuleFiles.AskLogs(file, DefaultsOf(config, "")))
            .Select(file => (config.AuthEnabled ? Path.GetFileName(Path.GetDirectoryName(file))! : LokiTenants.Single, file));

    public static RuleDefaults DefaultsOf(LokiConfig config, string tenant) =>
        new(config.Ruler.EvaluationInterval, TimeSpan.Zero, LegacyNames: false) { LogTenant = tenant, ExternalLabels = config.Ruler.ExternalLabels };

    private static bool IsRuleFile(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
        || Path.GetExtension(path).Length == 0;
}
