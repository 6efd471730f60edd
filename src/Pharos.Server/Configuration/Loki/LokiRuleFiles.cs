using Pharos.Alerting.Rules;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads the rule files of the ruler's folder: one folder a tenant.</summary>
internal static class LokiRuleFiles
{
    private static readonly string[] Extensions = [".yml", ".yaml"];

    public static (IReadOnlyList<RuleGroupOptions> Groups, IReadOnlyList<ConfigFileReport> Reports) ReadAll(LokiConfig config)
    {
        var groups = new List<RuleGroupOptions>();
        var reports = new List<ConfigFileReport>();
        if (config.Ruler.Directory.Length == 0 || !Directory.Exists(config.Ruler.Directory))
        {
            return (groups, reports);
        }
        foreach (var folder in Directory.EnumerateDirectories(config.Ruler.Directory).Order(StringComparer.Ordinal))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Where(IsRuleFile))
            {
                var result = RuleFile.Read(file, DefaultsOf(config, Path.GetFileName(folder)));
                groups.AddRange(result.Groups);
                reports.Add(result.Report);
            }
        }
        return (groups, reports);
    }

    public static RuleDefaults DefaultsOf(LokiConfig config, string tenant) =>
        new(config.Ruler.EvaluationInterval, TimeSpan.Zero, LegacyNames: false) { LogTenant = tenant };

    private static bool IsRuleFile(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
        || Path.GetExtension(path).Length == 0;
}
