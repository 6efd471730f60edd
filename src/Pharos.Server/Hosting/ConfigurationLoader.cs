using Pharos.Query.Templates;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Promtail;
using Pharos.Server.Configuration.Rules;
using Pharos.Server.Dashboards;
using Pharos.Server.Logs;

namespace Pharos.Server.Hosting;

/// <summary>Reads every configuration file that a server is started with.</summary>
internal sealed class ConfigurationLoader(PharosServerOptions options)
{
    private readonly ReceiverFactory _receivers = new(options.Time, options.Logging.CreateLogger("notify"));

    public ConfigurationLoad Load()
    {
        ConfigFolder? folder;
        try
        {
            folder = options.Folder is { } path ? ConfigFolder.Scan(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ConfigurationLoad.Failed($"{options.Folder}: {e.Message}");
        }
        var reports = new List<ConfigFileReport>();
        var notes = new List<string>();
        var snapshot = new ConfigurationSnapshot
        {
            Dashboards = DashboardCatalog.Read(
                [.. folder?.Of(ConfigFileKind.Dashboard) ?? [], .. options.DashboardPaths.SelectMany(DashboardsOf)], notes.Add),
        };
        if ((options.ConfigFile ?? folder?.Main(ConfigFileKind.Prometheus)) is { } prometheus)
        {
            snapshot = ReadPrometheus(snapshot, prometheus, folder, reports, notes);
        }
        if ((options.AlertmanagerConfigFile ?? folder?.Main(ConfigFileKind.Alertmanager)) is { } alertmanager)
        {
            try
            {
                snapshot = ReadAlertmanager(snapshot, alertmanager, reports);
            }
            catch (Exception e) when (e is TemplateException or IOException or UnauthorizedAccessException)
            {
                return ConfigurationLoad.Failed($"{alertmanager}: templates: {e.Message}");
            }
        }
        snapshot = ReadLoki(snapshot, options.LokiConfigFile ?? folder?.Main(ConfigFileKind.Loki), folder, reports, notes);
        if ((options.PromtailConfigFile ?? folder?.Main(ConfigFileKind.Promtail)) is { } promtail)
        {
            snapshot = ReadPromtail(snapshot, promtail, reports);
        }
        var errors = Errors(reports);
        if (errors.Count > 0)
        {
            return new ConfigurationLoad(null, errors);
        }
        string[] warnings = [.. notes, .. Warnings(reports)];
        return new ConfigurationLoad(
            snapshot with { Report = [.. folder?.Lines() ?? [], .. Lines(reports), .. warnings], Warnings = warnings }, []);
    }

    private static ConfigurationSnapshot ReadPrometheus(
        ConfigurationSnapshot snapshot, string path, ConfigFolder? folder, List<ConfigFileReport> reports, List<string> notes)
    {
        var prometheus = PrometheusFile.Read(path);
        reports.AddRange(prometheus.Files);
        if (prometheus.Config is not { } config)
        {
            return snapshot;
        }
        var defaults = RuleDefaults.From(config.Global);
        var (groups, read) = RuleFiles.ReadAll(config.RuleFiles, defaults);
        if (read.Count == 0 && config.RuleFiles.Count > 0
            && folder?.Of(ConfigFileKind.Rules).Where(file => !RuleFiles.AskLogs(file, defaults)).ToList() is { Count: > 0 } found)
        {
            // Patterns of a machine that this is not, as /etc/prometheus/rules/*.yml: the folder's own rule files stand in.
            notes.Add($"{path}: rule_files match nothing here; the {found.Count} rule files of {folder.Folder} are used instead");
            (groups, read) = RuleFiles.ReadAll(found, defaults);
        }
        reports.AddRange(read);
        return snapshot with
        {
            ScrapeJobs = config.ScrapeJobs,
            RuleGroups = groups,
            ExternalLabels = config.Global.ExternalLabels,
            EvaluationInterval = config.Global.EvaluationInterval,
            AlertRelabelRules = config.AlertRelabelRules,
            Alertmanagers = config.Alertmanagers,
            Storage = config.Storage,
            QueryLogFile = config.Global.QueryLogFile,
            RemoteWrites = config.RemoteWrites,
            RemoteReads = config.RemoteReads,
            Otlp = config.Otlp,
            PrometheusText = prometheus.Files[0].TextWithoutSecrets,
            WatchedFiles = [.. snapshot.WatchedFiles, .. prometheus.Files.Select(file => file.File), .. config.RuleFiles],
            ScrapeConfigTexts = [.. prometheus.Files.Select(file => file.TextWithoutSecrets)],
        };
    }

    private ConfigurationSnapshot ReadAlertmanager(ConfigurationSnapshot snapshot, string path, List<ConfigFileReport> reports)
    {
        var alertmanager = AlertmanagerFile.Read(path);
        reports.Add(alertmanager.Report);
        return alertmanager.Config is not { } config ? snapshot : snapshot with
        {
            Alertmanager = _receivers.Create(config),
            WatchedFiles = [.. snapshot.WatchedFiles, path],
            AlertmanagerText = alertmanager.Report.TextWithoutSecrets,
        };
    }

    /// <param name="path">Null where there is no loki.yml: rules may have come over the API all the same.</param>
    private ConfigurationSnapshot ReadLoki(
        ConfigurationSnapshot snapshot, string? path, ConfigFolder? folder, List<ConfigFileReport> reports, List<string> notes)
    {
        var loki = path is null ? null : LokiFile.Read(path);
        if (loki is not null)
        {
            reports.Add(loki.Report);
        }
        if ((loki is null ? LokiConfig.Default : loki.Config) is not { } config)
        {
            return snapshot;
        }
        var files = LokiRuleFiles.Files(config.Ruler.Directory).ToList();
        if (files.Count == 0 && config.Ruler.Directory.Length > 0 && folder is not null)
        {
            // A folder of a machine that this is not, as /loki/rules: rules on logs that lie here stand in.
            files = [.. LokiRuleFiles.FilesIn(folder, config)];
            if (files.Count > 0)
            {
                notes.Add(
                    $"{path}: the ruler's folder {config.Ruler.Directory} has no rules here; {files.Count} rule files of {folder.Folder} are used instead");
            }
        }
        var (groups, read) = LokiRuleFiles.ReadAll(config, files.Concat(LokiRuleFiles.Files(LogRuleFolder.Of(options.DataPath) ?? "")));
        reports.AddRange(read);
        return snapshot with
        {
            Loki = config,
            LokiText = loki?.Report.TextWithoutSecrets ?? "",
            LogRuleGroups = groups,
            WatchedFiles = path is null ? snapshot.WatchedFiles : [.. snapshot.WatchedFiles, path],
        };
    }

    private ConfigurationSnapshot ReadPromtail(ConfigurationSnapshot snapshot, string path, List<ConfigFileReport> reports)
    {
        var promtail = PromtailFile.Read(path, new PromtailReading(ConfigEnvironment.Process, options.Time, options.PromtailExpandsEnvironment));
        reports.Add(promtail.Report);
        return snapshot with
        {
            Shipper = promtail.Options,
            PromtailText = promtail.Report.TextWithoutSecrets,
            WatchedFiles = [.. snapshot.WatchedFiles, path],
        };
    }

    /// <summary>A dashboard, or all of a folder.</summary>
    private static IEnumerable<string> DashboardsOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];

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

    /// <summary>One line per file.</summary>
    private static IEnumerable<string> Lines(List<ConfigFileReport> reports) => reports
        .Select(report => $"{report.File}: {ConfigFolder.Describe(report.Kind)}, {report.Honoured.Count} keys honoured, "
            + $"{report.NotHonoured.Count()} accepted and not honoured");

    /// <summary>One line per key that is not honoured or that the peer would refuse, and per thing that looks wrong.</summary>
    private static IEnumerable<string> Warnings(List<ConfigFileReport> reports) => new CompatibilityReport(reports).KeyLines()
        .Concat(reports.SelectMany(report => report.Problems)
            .Where(problem => problem.Kind is ConfigProblemKind.Wrong && problem.Severity is not ConfigSeverity.Error)
            .Select(problem => problem.ToString()));
}
