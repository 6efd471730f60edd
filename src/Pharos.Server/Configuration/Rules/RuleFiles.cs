using Pharos.Alerting.Rules;

namespace Pharos.Server.Configuration.Rules;

/// <summary>Reads all rule files of a configuration.</summary>
internal static class RuleFiles
{
    /// <summary>Reads the files that the patterns match, each once, in the order of the patterns.</summary>
    /// <param name="patterns">Absolute, as <c>rule_files</c> gives them; a plain path is a pattern too.</param>
    public static (IReadOnlyList<RuleGroupOptions> Groups, IReadOnlyList<ConfigFileReport> Reports) ReadAll(
        IEnumerable<string> patterns, RuleDefaults defaults)
    {
        var groups = new List<RuleGroupOptions>();
        var reports = new List<ConfigFileReport>();
        foreach (var path in patterns.SelectMany(FileGlob.Expand).Distinct(StringComparer.Ordinal))
        {
            var result = RuleFile.Read(path, defaults);
            groups.AddRange(result.Groups);
            reports.Add(result.Report);
        }
        return (groups, reports);
    }
}
