using System.Text;
using Pharos.Server.Checks;
using Pharos.Server.Checks.Files;
using Pharos.Server.Checks.Metrics;
using Pharos.Server.Checks.Rules;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>The files that <c>promtool check</c> is tested with, and the results that its unit tests want
/// (cmd/promtool/main_test.go of Prometheus 3).</summary>
/// <remarks>Exceptions are named in docs/guide/promtool.md: what is wrong in a configuration file is said with line, column and
/// key instead of the words of Go's YAML library, and every feature of the language is known without <c>--enable-feature</c>.</remarks>
public sealed class PromtoolFileTests
{
    private const string Folder = "prometheus/cmd/promtool/testdata";

    [Theory]
    [InlineData("prometheus-config.good.yml", 0)]
    [InlineData("prometheus-config.bad.yml", 1)]
    [InlineData("prometheus-config.nonexistent.yml", 1)]
    [InlineData("prometheus-config.lint.yml", 3)]
    [InlineData("prometheus-config.rules.good.yml", 1)]
    [InlineData("prometheus-aws-sd-empty-region.good.yml", 0)]
    [InlineData("url_in_scrape_targetgroup_with_relabel_config.good.yml", 0)]
    [InlineData("url_in_alert_targetgroup_with_relabel_config.good.yml", 0)]
    [InlineData("url_in_scrape_targetgroup_with_relabel_config.bad.yml", 1, "\"http://bad\" is not a valid hostname")]
    [InlineData("url_in_alert_targetgroup_with_relabel_config.bad.yml", 1, "\"http://bad\" is not a valid hostname")]
    [InlineData("authorization_credentials_file.good.yml", 0)]
    [InlineData("authorization_credentials_file.bad.yml", 1, "error checking authorization credentials or bearer token file "
        + "\"/random/file/which/does/not/exist.yml\": stat /random/file/which/does/not/exist.yml: no such file or directory")]
    [InlineData("config_with_rule_files.yml", 1, "non-existent-file.yml\" does not point to an existing file")]
    [InlineData("config_with_service_discovery_files.yml", 0, "for file_sd in scrape job \"prometheus\" does not exist",
        "for file_sd in alertmanager config does not exist")]
    [InlineData("config_with_tls_files.yml", 1, "error checking client cert file", "nonexistent_cert_file.yml: no such file or directory")]
    public void Configuration(string name, int exitCode, params string[] words)
    {
        var (actual, output) = CheckConfig(name, LintSettings.DuplicateRules, lintFatal: true);

        Assert.True(exitCode == actual, output);
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("config_with_rule_files.yml")]
    [InlineData("config_with_service_discovery_files.yml")]
    [InlineData("config_with_tls_files.yml")]
    [InlineData("authorization_credentials_file.bad.yml")]
    public void Syntax_alone_needs_no_other_file(string name) =>
        Assert.Equal(0, CheckConfig(name, LintSettings.All, lintFatal: true, syntaxOnly: true).ExitCode);

    [Fact]
    public void Lint_that_is_not_fatal_is_only_said()
    {
        var (exitCode, output) = CheckConfig("prometheus-config.lint.yml", LintSettings.DuplicateRules, lintFatal: false);

        Assert.Equal(0, exitCode);
        Assert.Contains("lint error 1 duplicate rule(s) found.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too-long-scrape-interval", 11, 0)]
    [InlineData("too-long-scrape-interval", 5, 3)]
    [InlineData("too-long-scrape-interval", 10, 3)]
    [InlineData("all", 10, 3)]
    [InlineData("none,too-long-scrape-interval", 5, 0)]
    [InlineData("duplicate-rules", 5, 0)]
    public void A_scrape_interval_longer_than_the_lookback(string lint, int lookbackMinutes, int exitCode)
    {
        const string Name = "prometheus-config.lint.too_long_scrape_interval.yml";

        Assert.Equal(exitCode, CheckConfig(Name, lint, lintFatal: true, lookbackMinutes: lookbackMinutes).ExitCode);
        Assert.Equal(0, CheckConfig(Name, lint, lintFatal: false, lookbackMinutes: lookbackMinutes).ExitCode);
        Assert.Equal(0, CheckConfig(Name, lint, lintFatal: true, syntaxOnly: true, lookbackMinutes: lookbackMinutes).ExitCode);
    }

    [Theory]
    [InlineData("rules.yml", 0, "  SUCCESS: ")]
    [InlineData("rules-bad.yml", 1)]
    [InlineData("bad-rules-syntax.yml", 1, "could not parse expression: 1:7: parse error: unexpected end of input")]
    [InlineData("bad-rules-error.yml", 0)]
    [InlineData("prometheus-rules.lint.yml", 3)]
    [InlineData("rules_duplicates.yml", 3, "lint error 1 duplicate rule(s) found.\nMetric: job:test:count_over_time1m\nLabel(s):\n")]
    [InlineData("rules_large.yml", 3)]
    [InlineData("features.yml", 0, "  SUCCESS: 4 rules found")]
    [InlineData("at-modifier.yml", 0)]
    [InlineData("negative-offset.yml", 0)]
    [InlineData("rules_extrafields.yml", 1, "line 7: field namespace not found in type rulefmt.RuleGroup")]
    public void Rules(string name, int exitCode, params string[] words)
    {
        var path = ConformanceFiles.Path($"{Folder}/{name}");
        var output = new StringWriter();
        var check = new RuleFileCheck(LintSettings.ForRules(LintSettings.DuplicateRules, fatal: true, output), false, output, output);
        check.CheckFiles([path]);
        var fromInput = new RuleFileCheck(LintSettings.ForRules(LintSettings.DuplicateRules, fatal: true, output), false, output, output);
        fromInput.CheckText(File.ReadAllText(path));

        Assert.True(exitCode == check.ExitCode, output.ToString());
        Assert.Equal(exitCode, fromInput.ExitCode);
        Assert.All(words, word => Assert.Contains(word, output.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Unknown_fields_of_rules_can_be_ignored()
    {
        var output = new StringWriter();
        var check = new RuleFileCheck(new LintSettings(), ignoreUnknownFields: true, output, output);
        check.CheckFiles([ConformanceFiles.Path($"{Folder}/rules_extrafields.yml")]);

        Assert.True(check.ExitCode == 0, output.ToString());
    }

    [Theory]
    [InlineData("good-sd-file.yml", 0)]
    [InlineData("good-sd-file.yaml", 0)]
    [InlineData("good-sd-file.json", 0)]
    [InlineData("bad-sd-file-format.yml", 1)]
    public void Target_files(string name, int exitCode) =>
        Assert.Equal(exitCode, ConfigCheck.Run([ConformanceFiles.Path($"{Folder}/{name}")]).ExitCode);

    [Fact]
    public async Task Metrics_and_how_many_series_they_make()
    {
        var (exitCode, output, errors) = await CheckMetricsAsync(
            await File.ReadAllTextAsync(ConformanceFiles.Path($"{Folder}/metrics-test.prom"), TestContext.Current.CancellationToken), true, true);

        Assert.Equal(0, exitCode);
        Assert.Empty(errors);
        Assert.Equal(
        [
            "Metric                                         Cardinality    Percentage    ",
            "prometheus_tsdb_compaction_chunk_size_bytes    15             55.56%        ",
            "go_gc_duration_seconds                         7              25.93%        ",
            "net_conntrack_dialer_conn_attempted_total      4              14.81%        ",
            "go_info                                        1              3.70%         ",
            "Total                                          27             100%          ",
        ], output.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(true, true, 3)]
    [InlineData(false, true, 0)]
    [InlineData(false, false, 1)]
    public async Task Lint_of_metrics_can_be_left_out(bool lint, bool extended, int expected)
    {
        const string Text = "# HELP testMetric_CamelCase A test metric with camelCase\n# TYPE testMetric_CamelCase gauge\n"
            + "testMetric_CamelCase{label=\"value1\"} 1\n";

        var (exitCode, output, errors) = await CheckMetricsAsync(Text, lint, extended);

        Assert.Equal(expected, exitCode);
        Assert.Equal(lint, errors.Contains("testMetric_CamelCase", StringComparison.Ordinal));
        Assert.Equal(extended, output.Contains("Cardinality", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> CheckMetricsAsync(string text, bool lint, bool extended)
    {
        StringWriter output = new(), errors = new();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var exitCode = await MetricsCheck.RunAsync(input, lint, extended, output, errors, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), errors.ToString());
    }

    private static (int ExitCode, string Output) CheckConfig(
        string name, string lint, bool lintFatal, bool syntaxOnly = false, int lookbackMinutes = 5)
    {
        var output = new StringWriter();
        var settings = LintSettings.ForConfig(lint, lintFatal, TimeSpan.FromMinutes(lookbackMinutes), output);
        var check = new ServerFileCheck(settings, syntaxOnly, agent: false, ignoreUnknownFields: false, output, output);
        check.Check(Path.Combine(ConformanceFiles.Path(Folder), name));
        return (check.ExitCode, output.ToString());
    }
}
