using Pharos.Collection.Discovery;
using Pharos.Collection.Scraping;
using Pharos.Server.Configuration;

namespace Pharos.Server.Tests.Configuration.Prometheus;

public sealed class PrometheusFileTests
{
    [Fact]
    public void An_empty_file_is_Prometheus_defaults()
    {
        var config = ConfigFiles.Prometheus("").Config!;
        Assert.Equal(TimeSpan.FromMinutes(1), config.Global.ScrapeInterval);
        Assert.Empty(config.ScrapeJobs);
    }

    [Fact]
    public void A_job_inherits_what_global_says_and_keeps_its_own()
    {
        var result = ConfigFiles.Prometheus("""
            global: {scrape_interval: 15s, sample_limit: 10, label_limit: 5, body_size_limit: 15MB}
            scrape_configs:
            - job_name: a
            - job_name: b
              scrape_interval: 5s
              sample_limit: 7
              scheme: https
              metrics_path: /m
              params: {x: [1, 2]}
            """);
        var (a, b) = (result.Config!.ScrapeJobs[0], result.Config.ScrapeJobs[1]);
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), 10, 5, 15L << 20),
            (a.ScrapeInterval, a.ScrapeTimeout, a.SampleLimit, a.LabelLimit, a.BodySizeLimitBytes));
        Assert.Equal(("http", "/metrics", true), (a.Scheme, a.MetricsPath, a.HonorTimestamps));
        // The global timeout is longer than b's interval, so b's timeout is its interval.
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), 7), (b.ScrapeInterval, b.ScrapeTimeout, b.SampleLimit));
        Assert.Equal(["1", "2"], b.Params["x"]);
        Assert.Equal(ScrapeJobOptions.DefaultProtocols, b.ScrapeProtocols);
    }

    [Fact]
    public void External_labels_take_the_environment()
    {
        var config = ConfigFiles.Prometheus("global: {external_labels: {a: 'x-$HOST-${HOST}', b: '$$5', c: $GONE}}",
            ("HOST", "h1")).Config!;
        Assert.Equal(("x-h1-h1", "$5", ""),
            (config.Global.ExternalLabels["a"], config.Global.ExternalLabels["b"], config.Global.ExternalLabels["c"]));
    }

    [Fact]
    public void A_discovery_that_cannot_run_is_one_warning_and_leaves_the_others()
    {
        var result = ConfigFiles.Prometheus("""
            scrape_configs:
            - job_name: a
              kubernetes_sd_configs: [{role: pod}]
              static_configs: [{targets: ['h:1'], labels: {x: y}}]
              file_sd_configs: [{files: [targets/*.yml]}]
            """);
        var discoveries = result.Config!.ScrapeJobs[0].Discoveries;
        var group = Assert.Single(Assert.IsType<StaticDiscoveryOptions>(discoveries[0]).Groups);
        Assert.Equal("h:1", group.Targets[0]["__address__"]);
        Assert.Equal("y", group.Labels["x"]);
        Assert.Equal(["/etc/prometheus/targets/*.yml"], Assert.IsType<FileDiscoveryOptions>(discoveries[1]).Patterns);
        Assert.Equal("kubernetes", Assert.IsType<UnavailableDiscoveryOptions>(discoveries[2]).Mechanism);
        var problem = Assert.Single(result.Files[0].Problems);
        Assert.Equal((ConfigSeverity.Warning, ConfigProblemKind.NotHonoured, 3), (problem.Severity, problem.Kind, problem.Line));
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var result = ConfigFiles.Prometheus("""
            global: {scrape_interval: 15x}
            scrape_configs:
            - job_name: a
              scrape_intervall: 5s
              metric_relabel_configs: [{regex: 'a(', action: drop}, {action: explode}]
            - job_name: a
              basic_auth: {username: u, password: hunter2}
              bearer_token: hunter3
            """);
        Assert.Null(result.Config);
        Assert.Equal(
        [
            "/etc/prometheus/prometheus.yml:1:27: error: global.scrape_interval: not a valid duration string: \"15x\"",
            "/etc/prometheus/prometheus.yml:4:3: error: scrape_configs[0].scrape_intervall: unknown key \"scrape_intervall\"; did you mean \"scrape_interval\"?",
            "/etc/prometheus/prometheus.yml:5:36: error: scrape_configs[0].metric_relabel_configs[0].regex: error parsing regexp: missing closing ): `a(`",
            "/etc/prometheus/prometheus.yml:5:66: error: scrape_configs[0].metric_relabel_configs[1].action: unknown relabel action \"explode\"",
            "/etc/prometheus/prometheus.yml:6:3: error: scrape_configs[1]: found multiple scrape configs with job name \"a\"",
            "/etc/prometheus/prometheus.yml:7:3: error: scrape_configs[1].basic_auth: at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
        ], ConfigFiles.Lines(result.Files[0].Problems));
    }

    [Fact]
    public void What_is_accepted_and_not_acted_on_is_one_line_per_key()
    {
        var result = ConfigFiles.Prometheus("tracing: {endpoint: 'x:4317'}\nscrape_configs: [{job_name: a}]\n");
        var report = Assert.Single(result.Files);
        Assert.Equal("tracing", Assert.Single(report.NotHonoured).Path);
        Assert.Equal(["scrape_configs", "scrape_configs[].job_name"], report.Honoured.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Equal_http_settings_have_equal_fingerprints_that_hide_the_secret()
    {
        static ScrapeJobOptions Job(string password) => ConfigFiles.Prometheus(
            $"scrape_configs: [{{job_name: a, basic_auth: {{username: u, password: {password}}}}}]").Config!.ScrapeJobs[0];
        Assert.Equal(Job("hunter2").HttpFingerprint, Job("hunter2").HttpFingerprint);
        Assert.NotEqual(Job("hunter2").HttpFingerprint, Job("hunter3").HttpFingerprint);
        Assert.DoesNotContain("hunter2", Job("hunter2").HttpFingerprint, StringComparison.Ordinal);
    }
}
