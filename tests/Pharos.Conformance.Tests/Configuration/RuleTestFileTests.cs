using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Checks.RuleTests;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>promtool's own fixtures of rule tests, with the results that its unit tests want.</summary>
/// <remarks>Its test of the fixtures with <c>@</c> and negative offsets turned off has no counterpart: the program itself
/// always has them on.</remarks>
public sealed class RuleTestFileTests
{
    private const string Folder = "prometheus/cmd/promtool/testdata";
    private const string Promtool = "/usr/bin/promtool";

    [Theory]
    [InlineData("unittest.yml", 0)]
    [InlineData("long-period.yml", 0)]
    [InlineData("bad-input-series.yml", 1)]
    [InlineData("bad-promql.yml", 1)]
    [InlineData("bad-rules-syntax-test.yml", 1)]
    [InlineData("bad-rules-error-test.yml", 1)]
    [InlineData("failing.yml", 1)]
    [InlineData("at-modifier-test.yml", 0)]
    [InlineData("negative-offset-test.yml", 0)]
    [InlineData("no-test-group-interval.yml", 0)]
    [InlineData("start-time-test.yml", 0)]
    [InlineData("rules_run.yml", 1)]
    [InlineData("rules_run.yml", 1, "correct", "wrong")]
    [InlineData("rules_run.yml", 0, "correct")]
    [InlineData("rules_run.yml", 1, "wrong")]
    [InlineData("rules_run_no_fuzzy.yml", 1)]
    [InlineData("rules_run_fuzzy.yml", 0, "correct")]
    [InlineData("rules_run_fuzzy.yml", 1, "wrong")]
    public async Task A_fixture_ends_as_promtool_ends_it(string file, int exitCode, params string[] run)
    {
        var (actual, output) = await RunAsync(new RuleTestOptions { Run = run }, file);

        Assert.True(exitCode == actual, output);
        Assert.Contains(exitCode == 0 ? "  SUCCESS" : "  FAILED:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_fields_are_errors_unless_they_are_ignored()
    {
        Assert.Equal(1, (await RunAsync(new RuleTestOptions(), "rules_run_extrafields.yml")).ExitCode);
        Assert.Equal(0, (await RunAsync(new RuleTestOptions { IgnoreUnknownFields = true }, "rules_run_extrafields.yml")).ExitCode);
    }

    [Theory]
    [InlineData("failing.yml")]
    [InlineData("at-modifier-test.yml")]
    public async Task The_output_is_that_of_promtool(string file)
    {
        PeerProcess.Need(Promtool);
        var path = ConformanceFiles.Path($"{Folder}/{file}");

        var (expectedCode, expected) = await PeerProcess.RunAsync(Promtool, "test", "rules", path);
        var (actualCode, actual) = await PeerProcess.RunAsync(PeerProcess.Pharos, "test", "rules", path);

        Assert.Equal(expectedCode, actualCode);
        Assert.Equal(expected.Split('\n').Order(StringComparer.Ordinal), actual.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Results_go_to_a_file_that_build_servers_read()
    {
        using var report = new MemoryStream();
        await RunAsync(new RuleTestOptions(), "failing.yml", report);
        report.Position = 0;

        var suite = System.Xml.Linq.XDocument.Load(report).Root!.Element("testsuite")!;

        Assert.Equal(("2", "2", "0"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
        Assert.Contains("AlwaysFiring", suite.Elements("testcase").Last().Value, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(RuleTestOptions options, string file, Stream? report = null)
    {
        var output = new StringWriter();
        var run = new RuleTestRun(options, TimeProvider.System, output, output);
        var exitCode = await run.RunAsync([ConformanceFiles.Path($"{Folder}/{file}")], TestContext.Current.CancellationToken);
        if (report is not null)
        {
            run.WriteReport(report);
        }
        return (exitCode, output.ToString());
    }
}
