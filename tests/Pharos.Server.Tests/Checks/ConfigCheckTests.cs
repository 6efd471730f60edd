using System.Text.Json;
using Pharos.Server.Checks;
using Pharos.Server.Configuration;

namespace Pharos.Server.Tests.Checks;

public sealed class ConfigCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_exit_code_tells_clean_from_wrong_from_unreadable()
    {
        var good = Write("good.yml", "scrape_configs: [{job_name: a}]");
        var bad = Write("bad.yml", "scrape_configs: [{job_nam: a}]");
        Assert.Equal(0, ConfigCheck.Run([good]).ExitCode);
        Assert.Equal(1, ConfigCheck.Run([good, bad]).ExitCode);
        Assert.Equal(2, ConfigCheck.Run([good, bad, Path.Combine(_folder, "absent.yml")]).ExitCode);
    }

    [Fact]
    public void Rule_files_that_a_configuration_names_are_checked_with_it_once()
    {
        Write("rules.yml", "groups: [{name: a, rules: [{record: x, expr: 'up +'}]}]");
        Write("prometheus.yml", "rule_files: ['rules.yml']");
        var report = ConfigCheck.Run([_folder]);
        Assert.Equal([ConfigFileKind.Prometheus, ConfigFileKind.Rules], report.Files.Select(file => file.Kind));
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public void Rules_on_logs_are_checked_as_such_in_a_rulers_folder_and_alone()
    {
        const string Group = "groups: [{name: a, rules: [{alert: x, expr: 'rate({app=\"a\"} |= \"b\" [1m]) > 0'}]}]";
        var alone = Write("alone.yml", Group);
        Directory.CreateDirectory(Path.Combine(_folder, "logs", "fake"));
        Write("logs/fake/rules.yml", Group);
        Write("loki.yml", $"auth_enabled: false\nruler: {{storage: {{type: local, local: {{directory: {_folder}/logs}}}}}}\n");
        Assert.Equal(0, ConfigCheck.Run([alone]).ExitCode);
        var report = ConfigCheck.Run([_folder]);
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(3, report.Files.Count);
        File.WriteAllText(alone, Group.Replace("[1m]", "[1x]", StringComparison.Ordinal));
        Assert.Contains("1x", Assert.Single(ConfigCheck.Run([alone]).Files[0].Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_is_shown_rather_than_passed_over()
    {
        Write("prometheus.yml", "scrape_configs:\n- job_name: a\n   b: c\n");
        Assert.Equal(1, ConfigCheck.Run([_folder]).ExitCode);
    }

    [Theory]
    [InlineData(CheckFormat.Text)]
    [InlineData(CheckFormat.Json)]
    [InlineData(CheckFormat.Sarif)]
    public void Every_format_carries_place_and_message(CheckFormat format)
    {
        var bad = Write("bad.yml", "scrape_configs:\n- job_nam: a\n");
        using var output = new StringWriter();
        CheckWriter.Write(ConfigCheck.Run([bad]), format, output);
        var text = output.ToString();
        Assert.Contains("unknown key", text, StringComparison.Ordinal);
        if (format == CheckFormat.Sarif)
        {
            var result = JsonDocument.Parse(text).RootElement.GetProperty("runs")[0].GetProperty("results")[0];
            Assert.Equal(2, result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32());
            Assert.Equal("error", result.GetProperty("level").GetString());
        }
        if (format == CheckFormat.Json)
        {
            Assert.Equal(2, JsonDocument.Parse(text).RootElement.GetProperty("files")[0].GetProperty("problems")[0].GetProperty("line").GetInt32());
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
