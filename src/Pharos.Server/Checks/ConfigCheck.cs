using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Promtail;
using Pharos.Server.Configuration.Rules;
using Pharos.Server.Configuration.Web;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Dashboards;

namespace Pharos.Server.Checks;

/// <summary>Validates files and folders of files: what <c>pharos check</c> does.</summary>
public static class ConfigCheck
{
    /// <summary>Reads every file once, those that a <c>prometheus.yml</c> names included. Does not throw.</summary>
    public static CompatibilityReport Run(IEnumerable<string> paths)
    {
        var reports = new List<ConfigFileReport>();
        var found = paths.SelectMany(path => Directory.Exists(path) ? ConfigFolder.Scan(path).Files : [Named(path)]).ToList();
        var defaults = new RuleDefaults(GlobalConfig.Default.EvaluationInterval, TimeSpan.Zero, LegacyNames: false);
        foreach (var file in found.Where(file => file.Kind == ConfigFileKind.Prometheus))
        {
            var result = PrometheusFile.Read(file.Path);
            reports.AddRange(result.Files);
            if (result.Config is { } config)
            {
                reports.AddRange(RuleFiles.ReadAll(config.RuleFiles, RuleDefaults.From(config.Global)).Reports);
            }
        }
        foreach (var file in found.Where(file => file.Kind == ConfigFileKind.Loki))
        {
            var result = LokiFile.Read(file.Path);
            reports.Add(result.Report);
            if (result.Config is { } config)
            {
                reports.AddRange(LokiRuleFiles.ReadAll(config, ownFolder: null).Reports);
            }
        }
        foreach (var file in found.Where(file => !reports.Exists(report => SamePath(report.File, file.Path))).ToList())
        {
            if (Check(file, defaults) is { } report)
            {
                reports.Add(report);
            }
        }
        return new CompatibilityReport(reports);
    }

    private static bool SamePath(string left, string right) => Path.GetFullPath(left) == Path.GetFullPath(right);

    /// <summary>A file that the user named is reported even where nothing is known about it.</summary>
    private static FoundFile Named(string path) => ConfigFileKinds.Of(path) is { Kind: not ConfigFileKind.Unknown } known
        ? known : new FoundFile(path, ConfigFileKind.Unknown, "named");

    private static ConfigFileReport? Check(FoundFile file, RuleDefaults defaults) => file.Kind switch
    {
        ConfigFileKind.Rules => RuleFiles.ReadAny(file.Path, defaults).Report,
        ConfigFileKind.Alertmanager => ReceiverCheck.Read(file.Path),
        ConfigFileKind.TargetFile => TargetFile.ReadWithReport(file.Path).Report,
        ConfigFileKind.Promtail => PromtailFile.Read(file.Path).Report,
        ConfigFileKind.Web => WebConfigFile.Read(file.Path).Report,
        ConfigFileKind.Dashboard => CheckDashboard(file.Path),
        ConfigFileKind.Unknown when file.Reason == "named" => CheckUnknown(file.Path),
        ConfigFileKind.Unknown => null,
        _ => CheckSyntax(file),
    };

    private static ConfigFileReport CheckDashboard(string path)
    {
        var problems = new List<ConfigProblem>();
        DashboardCatalog.Read([path], line => problems.Add(new ConfigProblem(ConfigSeverity.Warning, path, 0, 0, "",
            line.StartsWith($"{path}: ", StringComparison.Ordinal) ? line[(path.Length + 2)..] : line)));
        return new ConfigFileReport { File = path, Kind = ConfigFileKind.Dashboard, Problems = problems };
    }

    /// <summary>Files that are recognised and whose keys are not read yet: their YAML is.</summary>
    private static ConfigFileReport CheckSyntax(FoundFile file)
    {
        if (!ConfigText.TryRead(file.Path, out var text, out var error))
        {
            return new ConfigFileReport { File = file.Path, Kind = file.Kind, Unreadable = error };
        }
        var reading = new ConfigReading(file.Path, text);
        if (file.Kind != ConfigFileKind.Template)
        {
            YamlTreeBuilder.Build(reading);
        }
        if (!reading.HasErrors)
        {
            reading.Report(new ConfigProblem(ConfigSeverity.Information, file.Path, 0, 0, "",
                $"taken for {ConfigFolder.Describe(file.Kind)}; its keys are not checked yet")
            {
                Kind = ConfigProblemKind.NotHonoured,
            });
        }
        return ConfigFileReport.Of(reading, file.Kind) with { Honoured = new Dictionary<string, int>() };
    }

    private static ConfigFileReport CheckUnknown(string path)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            return new ConfigFileReport { File = path, Kind = ConfigFileKind.Unknown, Unreadable = error };
        }
        var reading = new ConfigReading(path, text);
        YamlTreeBuilder.Build(reading);
        if (!reading.HasErrors)
        {
            reading.Error("this is no file that Pharos knows: it has none of the keys by which one is recognised");
        }
        return ConfigFileReport.Of(reading, ConfigFileKind.Unknown);
    }
}
