using Pharos.Alerting.Rules;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Server.Tests.Configuration.Rules;

public sealed class RuleFileTests
{
    private static readonly RuleDefaults Defaults = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(3), LegacyNames: false);

    [Fact]
    public void A_group_takes_the_global_interval_and_keeps_its_own()
    {
        var groups = Read("""
            groups:
            - name: a
              labels: {team: x}
              rules:
              - record: job:up:sum
                expr: sum by (job) (up)
              - alert: Down
                expr: up == 0
                for: 5m
                keep_firing_for: 1m
                labels: {severity: page}
                annotations: {summary: '{{ $labels.job }}'}
            - name: b
              interval: 1m
              query_offset: 0s
              limit: 5
            """).Groups;
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(3)), (groups[0].Interval, groups[0].QueryOffset));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.Zero, 5), (groups[1].Interval, groups[1].QueryOffset, groups[1].Limit));
        Assert.Equal("job:up:sum", Assert.IsType<RecordingRuleOptions>(groups[0].Rules[0]).Record);
        var alert = Assert.IsType<AlertingRuleOptions>(groups[0].Rules[1]);
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1), "severity"), (alert.For, alert.KeepFiringFor, alert.Labels[0].Name));
    }

    [Fact]
    public void An_error_of_the_expression_is_placed_inside_the_file()
    {
        var problem = Assert.Single(Read("groups:\n- name: a\n  rules:\n  - record: x\n    expr: |\n      sum(\n        rate(up))\n").Report.Problems);
        Assert.Equal((7, 14, "groups[0].rules[0].expr"), (problem.Line, problem.Column, problem.Path));
        Assert.StartsWith("could not parse expression: 2:8: parse error: ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{name: a}, {name: a}", "groups[1].name: groupname: \"a\" is repeated in the same file")]
    [InlineData("{rules: []}", "groups[0]: Groupname must not be empty")]
    [InlineData("{name: a, rules: [{record: x, alert: y, expr: up}]}", "alert: only one of 'record' and 'alert' must be set")]
    [InlineData("{name: a, rules: [{expr: up}]}", "groups[0].rules[0]: one of 'record' or 'alert' must be set")]
    [InlineData("{name: a, rules: [{record: x}]}", "groups[0].rules[0]: field 'expr' must be set in rule")]
    [InlineData("{name: a, rules: [{record: x, expr: up, for: 1m}]}", "for: invalid field 'for' in recording rule")]
    [InlineData("{name: a, rules: [{record: 'x{a=\"b\"}', expr: up}]}", "record: braces present in the recording rule name")]
    [InlineData("{name: a, rules: [{record: x, expr: up, labels: {__name__: y}}]}", "labels.__name__: invalid label name: __name__")]
    [InlineData("{name: a, rules: [{alert: x, exp: up, expr: up}]}", "exp: unknown key \"exp\"; did you mean \"expr\"?")]
    public void A_mistake_is_named(string groups, string expected)
    {
        var result = Read($"groups: [{groups}]");
        Assert.Empty(result.Groups);
        Assert.Contains(expected, string.Join('\n', ConfigFiles.Lines(result.Report.Problems)), StringComparison.Ordinal);
    }

    private static RuleReadResult Read(string yaml) => RuleFile.ReadText("/etc/rules.yml", yaml, Defaults);
}
