using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Prometheus;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>Prometheus' own files: what it loads loads here, what it refuses is refused here with a place.</summary>
public sealed class PrometheusConfigTests
{
    private const string Folder = "prometheus/config/testdata";

    /// <summary>The key that a problem must name, for files whose mistake is one key.</summary>
    private static readonly Dictionary<string, (int Line, string Path)> Places = new(StringComparer.Ordinal)
    {
        ["unknown_attr.bad.yml"] = (19, "scrape_configs[0].consult_sd_configs"),
        ["unknown_global_attr.bad.yml"] = (2, "global.nonexistent_field"),
        ["regex.bad.yml"] = (4, "scrape_configs[0].relabel_configs[0].regex"),
        ["scrape_interval.bad.yml"] = (4, "scrape_configs[0].scrape_timeout"),
        ["section_key_dup.bad.yml"] = (4, ""),
        ["jobname_dup.bad.yml"] = (7, "scrape_configs[2]"),
        ["bearertoken.bad.yml"] = (5, "scrape_configs[0].bearer_token_file"),
        ["url_in_targetgroup.bad.yml"] = (5, "scrape_configs[0].static_configs[0].targets[0]"),
        ["tsdb_retention_percentage.bad.yml"] = (4, "storage.tsdb.retention.percentage"),
        ["remote_write_queue_capacity_zero.bad.yml"] = (4, "remote_write[0].queue_config.capacity"),
        ["kubernetes_namespace_discovery.bad.yml"] = (6, "scrape_configs[0].kubernetes_sd_configs[0].namespaces.foo"),
        ["empty_metric_relabel_config.bad.yml"] = (4, "scrape_configs[0].metric_relabel_configs[0]"),
        ["rules.bad.yml"] = (3, "rule_files[1]"),
    };

    public static TheoryData<string> Good => ConformanceFiles.Named(Folder, name =>
        name.EndsWith(".good.yml", StringComparison.Ordinal) || name.StartsWith("agent_mode", StringComparison.Ordinal) ||
        name.EndsWith("_mode.yml", StringComparison.Ordinal) || name is "otlp_empty.yml" or "scrape_config_local_infer_escaping.yml");

    public static TheoryData<string> Bad => ConformanceFiles.Named(Folder, name =>
        name.EndsWith(".bad.yml", StringComparison.Ordinal) || name.EndsWith(".incompatible.yml", StringComparison.Ordinal) ||
        name == "config_with_deprecated_am_api_config.yml");

    [Theory]
    [MemberData(nameof(Good))]
    public void A_file_that_Prometheus_loads_loads(string name)
    {
        var result = Read(name);
        Assert.True(result.Config is not null, Text(result));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_file_that_Prometheus_refuses_is_refused_with_a_place(string name)
    {
        var result = Read(name);
        Assert.Null(result.Config);
        var errors = result.Files.SelectMany(file => file.Problems).Where(p => p.Severity == ConfigSeverity.Error).ToList();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.True(error.Line > 0 && error.Column > 0, error.ToString()));
        if (PrometheusConfigErrors.Messages.TryGetValue(name, out var message) && !PrometheusConfigErrors.Exceptions.ContainsKey(name))
        {
            Assert.True(errors.Exists(error => error.Message.Contains(message, StringComparison.Ordinal)), Text(result));
        }
        if (Places.TryGetValue(name, out var place))
        {
            Assert.Contains(errors, error => error.Line == place.Line && error.Path == place.Path);
        }
    }

    private static PrometheusReadResult Read(string name) =>
        PrometheusFile.Read(ConformanceFiles.Path($"{Folder}/{name}"), new ConfigEnvironment(_ => "value", InsideCluster: false));

    private static string Text(PrometheusReadResult result) =>
        string.Join('\n', result.Files.SelectMany(file => file.Problems));
}
