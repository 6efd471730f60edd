using Pharos.Alerting.Rules;

namespace Pharos.Server.Configuration.Rules;

/// <summary>Reads all rule files of a configuration.</summary>
internal static class RuleFiles
{
    /// <summary>How Prometheus says that it met the sign with which every stage of LogQL begins.</summary>
    private const string NoPromQL = "unexpected character: '|'";

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

    /// <summary>Whether the rules of a file are on logs: nothing but their expressions says so.</summary>
    public static bool AskLogs(string path, RuleDefaults defaults) => ReadAny(path, defaults).AskLogs;

    /// <summary>Reads a file whose rules may be on metrics or on logs, as what it reads best.</summary>
    public static (ConfigFileReport Report, bool AskLogs) ReadAny(string path, RuleDefaults defaults)
    {
        var metrics = RuleFile.Read(path, defaults with { LogTenant = null }).Report;
        if (metrics.Unreadable is not null || !metrics.HasErrors)
        {
            return (metrics, false);
        }
        var logs = RuleFile.Read(path, defaults with { LogTenant = "" }).Report;
        return Errors(logs) < Errors(metrics) || metrics.Problems.Any(static problem => problem.Message.EndsWith(NoPromQL, StringComparison.Ordinal))
            ? (logs, true) : (metrics, false);
    }

    private static int Errors(ConfigFileReport report) => report.Problems.Count(static problem => problem.Severity == ConfigSeverity.Error);
}
