using Pharos.Alerting.Rules;
using Pharos.Collection.Discovery;
using Pharos.Server.Checks;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Server.Tests.Configuration;

/// <summary>The files that everything must serve, as they are; beside the checkout, skipped where they are not.</summary>
public sealed class SeedTests
{
    [Fact]
    public void Its_prometheus_yml_loads_with_twelve_jobs()
    {
        var result = PrometheusFile.Read(Seed("prometheus.yml"), new ConfigEnvironment(_ => null, InsideCluster: false));
        var config = result.Config;
        Assert.NotNull(config);
        Assert.Equal(12, config.ScrapeJobs.Count);
        Assert.Equal("production", config.Global.ExternalLabels["environment"]);
        Assert.Equal(3, config.ScrapeJobs.Count(job => job.Discoveries[0] is StaticDiscoveryOptions));
        Assert.Equal(9, config.ScrapeJobs.Count(job => job.Discoveries[0] is UnavailableDiscoveryOptions));
        Assert.Equal(9, result.Files[0].NotHonoured.Count(problem => problem.Severity == ConfigSeverity.Warning));
    }

    [Fact]
    public void Its_26_rules_load()
    {
        var (groups, reports) = RuleFiles.ReadAll([Path.Combine(Seed("rules"), "*.yml")], RuleDefaults.From(GlobalConfig.Default));
        Assert.Equal([], reports.SelectMany(report => report.Problems));
        Assert.Equal(26, groups.Sum(group => group.Rules.Count));
        Assert.Contains(groups.SelectMany(group => group.Rules).OfType<AlertingRuleOptions>(), rule => rule.Alert == "AgentUnresponsive");
    }

    [Fact]
    public void Its_alertmanager_yml_loads_as_it_is_and_warns_of_what_Alertmanager_rejects()
    {
        var result = AlertmanagerFile.Read(Seed("alertmanager.yml"));
        Assert.NotNull(result.Config);
        Assert.Equal(8, result.Config.Receivers.Count);
        var extensions = result.Report.Problems.Where(problem => problem.Kind == ConfigProblemKind.Extension).ToList();
        Assert.Equal(4, extensions.Count);
        Assert.Empty(result.Report.Problems.Except(extensions));
        var mail = Assert.IsType<Pharos.Alerting.Receivers.Email.EmailOptions>(result.Config.Receivers[0].Integrations[0].Options);
        Assert.StartsWith("[{{ .Status | toUpper }}]", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("{{ range .Alerts }}", mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_folder_is_recognised_by_content()
    {
        var folder = ConfigFolder.Scan(Seed(""));
        Assert.Equal("prometheus.yml", Path.GetFileName(folder.Main(ConfigFileKind.Prometheus)));
        Assert.Equal("alertmanager.yml", Path.GetFileName(folder.Main(ConfigFileKind.Alertmanager)));
        Assert.Equal("loki.yml", Path.GetFileName(folder.Main(ConfigFileKind.Loki)));
        Assert.Equal("promtail.yml", Path.GetFileName(folder.Main(ConfigFileKind.Promtail)));
        Assert.Equal("slos.yml", Path.GetFileName(folder.Main(ConfigFileKind.ServiceLevelObjectives)));
        Assert.Equal((2, 3, 2), (folder.Of(ConfigFileKind.Rules).Count(), folder.Of(ConfigFileKind.Dashboard).Count(),
            folder.Of(ConfigFileKind.Runbook).Count()));
        Assert.Equal(folder.Files.Count, folder.Lines().Count());
    }

    [Fact]
    public void Checking_its_folder_finds_no_error()
    {
        var report = ConfigCheck.Run([Seed("")]);
        Assert.Equal(0, report.ExitCode);
        Assert.Contains(report.KeyLines(), line => line.Contains("kubernetes_sd_configs[] (9 times)", StringComparison.Ordinal));
    }

    private static string Seed(string name)
    {
        var path = Path.Combine(TestFolders.Shared, "seed", name);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"needs ../shared/seed/{name} beside the checkout");
        }
        return path;
    }
}
