using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Prometheus;

namespace Pharos.Server.Hosting;

/// <summary>Reads every configuration file that a server is started with.</summary>
internal sealed class ConfigurationLoader(PharosServerOptions options)
{
    public ConfigurationLoad Load()
    {
        var reports = new List<ConfigFileReport>();
        var snapshot = new ConfigurationSnapshot();
        if (options.ConfigFile is { } path)
        {
            var prometheus = PrometheusFile.Read(path);
            reports.AddRange(prometheus.Files);
            if (prometheus.Config is { } config)
            {
                snapshot = snapshot with
                {
                    ScrapeJobs = config.ScrapeJobs,
                    ExternalLabels = config.Global.ExternalLabels,
                    EvaluationInterval = config.Global.EvaluationInterval,
                    AlertRelabelRules = config.AlertRelabelRules,
                };
            }
        }
        var errors = Errors(reports);
        return errors.Count > 0 ? new ConfigurationLoad(null, errors)
            : new ConfigurationLoad(snapshot with { Report = Lines(reports) }, []);
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
