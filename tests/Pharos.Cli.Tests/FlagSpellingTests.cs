using System.CommandLine;
using Pharos.Cli.Commands;

namespace Pharos.Cli.Tests;

public sealed class FlagSpellingTests
{
    [Theory]
    [InlineData("serve -config.file=a.yml", "serve --config.file=a.yml")]
    [InlineData("serve -config.file a.yml", "serve --config.file a.yml")]
    [InlineData("serve --web.listen-address :9090 DIR", "serve --web.listen-address :9090 DIR")]
    [InlineData("serve -web.enable-lifecycle DIR", "serve --web.enable-lifecycle DIR")]
    [InlineData("serve --no-web.enable-lifecycle", "serve --web.enable-lifecycle=false")]
    [InlineData("serve --query.timeout -1m", "serve --query.timeout -1m")]
    [InlineData("serve --web.external-url= DIR", "serve --web.external-url  DIR")]
    [InlineData("serve -- --odd", "serve -- --odd")]
    public void Flags_are_brought_to_one_spelling(string given, string expected)
    {
        var normal = FlagSpelling.Normalize(Root(), given.Split(' '), out var error);
        Assert.Equal("", error);
        Assert.Equal(expected, string.Join(' ', normal!));
    }

    [Theory]
    [InlineData("serve --web.listen-adress=x", "unknown flag --web.listen-adress; did you mean --web.listen-address?")]
    [InlineData("serve -storage.path=x", "unknown flag --storage.path; did you mean --storage.tsdb.path?")]
    [InlineData("serve --zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "unknown flag --zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void Unknown_flag_is_an_error_that_names_the_nearest(string given, string expected)
    {
        Assert.Null(FlagSpelling.Normalize(Root(), given.Split(' '), out var error));
        Assert.Equal(expected, error);
    }

    /// <summary>The flags of Prometheus that the outside contract promises.</summary>
    [Theory]
    [InlineData("config.file")]
    [InlineData("storage.tsdb.path")]
    [InlineData("storage.tsdb.retention.time")]
    [InlineData("storage.tsdb.retention.size")]
    [InlineData("web.listen-address")]
    [InlineData("web.external-url")]
    [InlineData("web.route-prefix")]
    [InlineData("web.enable-lifecycle")]
    [InlineData("web.enable-admin-api")]
    [InlineData("web.enable-remote-write-receiver")]
    [InlineData("web.config.file")]
    [InlineData("web.console.templates")]
    [InlineData("web.console.libraries")]
    [InlineData("query.max-concurrency")]
    [InlineData("query.timeout")]
    [InlineData("query.max-samples")]
    [InlineData("query.lookback-delta")]
    [InlineData("log.level")]
    [InlineData("log.format")]
    [InlineData("config.auto-reload")]
    [InlineData("config.auto-reload-interval")]
    [InlineData("web.max-connections")]
    [InlineData("web.read-timeout")]
    [InlineData("web.cors.origin")]
    [InlineData("web.page-title")]
    [InlineData("web.user-assets")]
    [InlineData("web.max-notifications-subscribers")]
    [InlineData("storage.tsdb.no-lockfile")]
    [InlineData("rules.alert.for-outage-tolerance")]
    [InlineData("rules.alert.for-grace-period")]
    [InlineData("rules.alert.resend-delay")]
    [InlineData("rules.max-concurrent-evals")]
    [InlineData("alertmanager.notification-queue-capacity")]
    [InlineData("alertmanager.notification-batch-size")]
    [InlineData("alertmanager.drain-notification-queue-on-shutdown")]
    [InlineData("enable-feature")]
    [InlineData("agent")]
    [InlineData("storage.agent.path")]
    [InlineData("alertmanager.config.file")]
    [InlineData("loki.config.file")]
    [InlineData("promtail.config.file")]
    [InlineData("dashboards")]
    [InlineData("slos")]
    [InlineData("runbooks")]
    [InlineData("data")]
    public void Serve_knows_the_flag(string name) =>
        Assert.Contains(ServeCommand.Create().Options, option => option.Name == "--" + name);

    private static RootCommand Root() => new() { ServeCommand.Create() };
}
