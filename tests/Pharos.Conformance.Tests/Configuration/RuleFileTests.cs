using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>Prometheus' own rule files.</summary>
public sealed class RuleFileTests
{
    private const string Fixtures = "prometheus/rules/fixtures";
    private const string Promtool = "prometheus/cmd/promtool/testdata";

    private static readonly RuleDefaults Defaults = new(TimeSpan.FromMinutes(1), TimeSpan.Zero, LegacyNames: false);

    public static TheoryData<string> Good => ConformanceFiles.Named(Fixtures, name => name != "invalid_rules.yaml");

    [Theory]
    [MemberData(nameof(Good))]
    public void A_rule_file_that_Prometheus_loads_loads(string name)
    {
        var result = RuleFile.Read(ConformanceFiles.Path($"{Fixtures}/{name}"), Defaults);
        Assert.False(result.Report.HasErrors, string.Join('\n', result.Report.Problems));
        Assert.NotEmpty(result.Groups);
    }

    [Theory]
    [InlineData($"{Fixtures}/invalid_rules.yaml", 6, "groups[0].rules[0].unexpected_field")]
    [InlineData($"{Promtool}/bad-rules-syntax.yml", 7, "groups[0].rules[0].expr")]
    [InlineData($"{Promtool}/rules_extrafields.yml", 7, "groups[0].namespace")]
    public void A_rule_file_that_promtool_refuses_is_refused_at_the_same_place(string name, int line, string path)
    {
        var result = RuleFile.Read(ConformanceFiles.Path(name), Defaults);
        Assert.Contains(result.Report.Problems, p => p.Severity == ConfigSeverity.Error && p.Line == line && p.Path == path);
        Assert.Empty(result.Groups);
    }

    [Fact]
    public void Duplicate_rules_are_a_warning()
    {
        var result = RuleFile.Read(ConformanceFiles.Path($"{Promtool}/rules_duplicates.yml"), Defaults);
        Assert.Equal(2, result.Report.Problems.Count(p => p.Severity == ConfigSeverity.Warning));
        Assert.NotEmpty(result.Groups);
    }
}
