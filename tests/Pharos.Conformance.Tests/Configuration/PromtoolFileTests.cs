using Pharos.Server.Checks;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>The files that <c>promtool check</c> is tested with.</summary>
public sealed class PromtoolFileTests
{
    private const string Folder = "prometheus/cmd/promtool/testdata";

    [Theory]
    [InlineData("prometheus-config.rules.good.yml")]
    [InlineData("prometheus-aws-sd-empty-region.good.yml")]
    [InlineData("prometheus-config.lint.yml")]
    [InlineData("prometheus-config.lint.too_long_scrape_interval.yml")]
    [InlineData("url_in_scrape_targetgroup_with_relabel_config.good.yml")]
    [InlineData("url_in_alert_targetgroup_with_relabel_config.good.yml")]
    [InlineData("authorization_credentials_file.good.yml")]
    [InlineData("config_with_rule_files.yml")]
    [InlineData("rules.yml")]
    [InlineData("rules_large.yml")]
    [InlineData("good-sd-file.yml")]
    [InlineData("good-sd-file.yaml")]
    [InlineData("good-sd-file.json")]
    public void Good(string name) => Assert.Equal(0, Check(name));

    [Theory]
    [InlineData("prometheus-config.bad.yml")]
    [InlineData("url_in_scrape_targetgroup_with_relabel_config.bad.yml")]
    [InlineData("url_in_alert_targetgroup_with_relabel_config.bad.yml")]
    [InlineData("rules-bad.yml")]
    [InlineData("bad-rules-syntax.yml")]
    [InlineData("bad-sd-file-format.yml")]
    public void Bad(string name) => Assert.Equal(1, Check(name));

    private static int Check(string name) => ConfigCheck.Run([ConformanceFiles.Path($"{Folder}/{name}")]).ExitCode;
}
