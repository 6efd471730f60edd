using Pharos.Alerting.Rules;
using Pharos.Alerting.Templates;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Rules;
using Pharos.Server.Dashboards;

namespace Pharos.Server.Hosting;

/// <summary>Reads every configuration file that a server is started with.</summary>
internal sealed class ConfigurationLoader(PharosServerOptions options)
{
    private readonly ReceiverFactory _receivers = new(options.Time, options.Logging.CreateLogger("notify"));

    public ConfigurationLoad Load()
    {
        var files = FolderFiles.Of(options.Folder);
        var reports = new List<ConfigFileReport>();
        var lines = new List<string>();
        var snapshot = new ConfigurationSnapshot
        {
            Dashboards = DashboardCatalog.Read(
                [.. files.Dashboards, .. options.DashboardPaths.SelectMany(FolderFiles.DashboardsOf)], lines.Add),
        };
        if ((options.ConfigFile ?? files.Prometheus) is { } path)
        {
            snapshot = ReadPrometheus(snapshot, path, files, reports);
        }
        if ((options.AlertmanagerConfigFile ?? files.Alertmanager) is { } routing)
        {
            var alertmanager = AlertmanagerFile.Read(routing);
            reports.Add(alertmanager.Report);
            if (alertmanager.Config is { } config)
            {
                try
                {
                    snapshot = snapshot with { Alertmanager = _receivers.Create(config) };
                }
                catch (Exception e) when (e is TemplateException or IOException or UnauthorizedAccessException)
                {
                    return ConfigurationLoad.Failed($"{routing}: templates: {e.Message}");
                }
            }
        }
        var errors = Errors(reports);
        return errors.Count > 0 ? new ConfigurationLoad(null, errors) : new ConfigurationLoad(
            snapshot with
            {
                Report = [.. Lines(reports), .. lines],
                Warnings = [.. reports.SelectMany(report => report.Problems).Select(problem => problem.ToString()), .. lines],
            },
            []);
    }

    private static ConfigurationSnapshot ReadPrometheus(
        ConfigurationSnapshot snapshot, string path, FolderFiles files, List<ConfigFileReport> reports)
    {
        var prometheus = PrometheusFile.Read(path);
        reports.AddRange(prometheus.Files);
        if (prometheus.Config is not { } config)
        {
            return snapshot;
        }
        var groups = new List<RuleGroupOptions>();
        // Patterns of a machine that this is not, as /etc/prometheus/rules/*.yml: the folder's own rule files stand in.
        var named = config.RuleFiles.SelectMany(FileGlob.Expand).Distinct(StringComparer.Ordinal).ToList();
        foreach (var file in named.Count > 0 ? named : files.Rules)
        {
            var rules = RuleFile.Read(file, RuleDefaults.From(config.Global));
            reports.Add(rules.Report);
            groups.AddRange(rules.Groups);
        }
        return snapshot with
        {
            ScrapeJobs = config.ScrapeJobs,
            RuleGroups = groups,
            ExternalLabels = config.Global.ExternalLabels,
            EvaluationInterval = config.Global.EvaluationInterval,
            AlertRelabelRules = config.AlertRelabelRules,
        };
    }

    private static List<string> Errors(List<ConfigFileReport> reports)
    {
        var errors = new List<string>();
        foreach (var report in reports)
        {
            if (report.Unreadable is { } reason)
            {
                errors.Add($"{report.File}: {reason}");
            }
            errors.AddRange(report.Problems.Where(problem => problem.Severity is ConfigSeverity.Error)
                .Select(problem => problem.ToString()));
        }
        return errors;
    }

    /// <summary>One line per file, and one per key that is not honoured or that the peer would refuse.</summary>
    private static List<string> Lines(List<ConfigFileReport> reports)
    {
        var lines = new List<string>();
        foreach (var report in reports)
        {
            lines.Add($"{report.File}: {report.Kind} file, {report.Honoured.Count} keys honoured, {report.NotHonoured.Count()} not");
            lines.AddRange(report.Problems.Select(problem => problem.ToString()));
        }
        return lines;
    }
}
