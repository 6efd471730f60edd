namespace Pharos.Server.Tests.Configuration.Prometheus;

public sealed class RetentionRuleListTests
{
    [Theory]
    [InlineData("storage: {tsdb: {retention: [{match: '{env=\"dev\"}', time: 3d}, {match: '{}', time: 90d}]}}")]
    [InlineData("storage: {tsdb: {retention: {rules: [{match: '{env=\"dev\"}', time: 3d}, {match: '{}', time: 90d}]}}}")]
    public void Rules_stand_beside_Prometheus_own_keys_or_alone(string yaml)
    {
        var result = ConfigFiles.Prometheus(yaml);
        Assert.DoesNotContain(result.Files.SelectMany(static file => file.Problems), static problem => problem.Severity != Server.Configuration.ConfigSeverity.Information);
        var rules = result.Config!.Storage.RetentionRules;
        Assert.Equal([TimeSpan.FromDays(3), TimeSpan.FromDays(90)], rules.Select(static rule => rule.Time));
        Assert.Equal("env=\"dev\"", Assert.Single(rules[0].Matchers).ToString());
        Assert.Empty(rules[1].Matchers);
        Assert.Null(result.Config.Storage.RetentionTime);
    }

    [Theory]
    [InlineData("[{time: 3d}]", "'match' is missing")]
    [InlineData("[{match: '{env=}', time: 3d}]", "is not a selector")]
    [InlineData("[{match: '{}'}]", "'time' must be a duration of more than zero")]
    [InlineData("[{match: '{}', time: 0s}]", "'time' must be a duration of more than zero")]
    [InlineData("[{match: '{}', time: x}]", "not a valid duration string")]
    [InlineData("[{match: '{}', time: 3d, tine: 2}]", "unknown key \"tine\"")]
    [InlineData("{rules: 3}", "expected a list")]
    [InlineData("3", "expected a mapping")]
    public void What_is_wrong_is_said(string retention, string message)
    {
        var result = ConfigFiles.Prometheus($"storage: {{tsdb: {{retention: {retention}}}}}");
        Assert.Contains(result.Files.SelectMany(static file => file.Problems), problem => problem.Severity == Server.Configuration.ConfigSeverity.Error
            && problem.Message.Contains(message, StringComparison.Ordinal));
    }
}
