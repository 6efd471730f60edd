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

    [Fact]
    public void Downsampling_rules_are_read()
    {
        var result = ConfigFiles.Prometheus(
            "storage: {tsdb: {downsampling: [{match: '{}', after: 7d, interval: 5m}, {match: '{a=\"b\"}', after: 30d, interval: 1h, keep: 400d}]}}");
        var rules = result.Config!.Storage.DownsamplingRules;
        Assert.Equal([TimeSpan.FromDays(7), TimeSpan.FromDays(30)], rules.Select(static rule => rule.After));
        Assert.Equal([TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)], rules.Select(static rule => rule.Interval));
        Assert.Equal([null, TimeSpan.FromDays(400)], rules.Select(static rule => rule.Keep));
        Assert.Equal("a=\"b\"", Assert.Single(rules[1].Matchers).ToString());
    }

    [Theory]
    [InlineData("[{after: 7d, interval: 5m}]", "'match' is missing")]
    [InlineData("[{match: '{}', interval: 5m}]", "'after' must be a duration of more than zero")]
    [InlineData("[{match: '{}', after: 7d}]", "'interval' must be a duration of more than zero")]
    [InlineData("[{match: '{}', after: 7d, interval: 5m, keep: 0s}]", "'keep' must be a duration of more than zero")]
    [InlineData("[{match: '{}', after: 7d, interval: 5m}, {match: '{}', after: 8d, interval: 300s}]", "another rule has this interval")]
    [InlineData("[{match: '{}', after: 7d, interval: 5m, to: 1}]", "unknown key \"to\"")]
    [InlineData("{match: '{}'}", "expected a list")]
    public void What_is_wrong_with_downsampling_is_said(string downsampling, string message)
    {
        var result = ConfigFiles.Prometheus($"storage: {{tsdb: {{downsampling: {downsampling}}}}}");
        Assert.Contains(result.Files.SelectMany(static file => file.Problems), problem =>
            problem.Severity == Server.Configuration.ConfigSeverity.Error && problem.Message.Contains(message, StringComparison.Ordinal));
    }
}
