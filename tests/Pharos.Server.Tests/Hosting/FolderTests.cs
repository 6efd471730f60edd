using Pharos.Server.Hosting;

namespace Pharos.Server.Tests.Hosting;

public sealed class FolderTests
{
    [Fact]
    public async Task Folder_of_files_is_served_by_content_and_secrets_stay_hidden()
    {
        var folder = RunningServer.NewFolder();
        File.WriteAllText(Path.Combine(folder, "metrics.yml"), """
            rule_files: [/nowhere/rules/*.yml]
            scrape_configs:
            - job_name: one
              basic_auth: {username: me, password: hush-one}
            """);
        File.WriteAllText(Path.Combine(folder, "routing.yml"), """
            route: {receiver: r}
            receivers:
            - name: r
              slack_configs: [{api_url: 'https://hooks.example.org/hush-two', channel: x}]
            """);
        File.WriteAllText(Path.Combine(folder, "my-rules.yml"), """
            groups:
            - name: g
              interval: 1h
              rules:
              - alert: Always
                expr: vector(1)
            """);
        var lines = new List<string>();
        await using var server = await RunningServer.StartAsync(folder, options => options with { Folder = folder, Report = lines.Add });
        Assert.Contains("\"one\"", (await server.GetAsync("/api/v1/scrape_pools")).Body, StringComparison.Ordinal);
        Assert.Contains("\"Always\"", (await server.GetAsync("/api/v1/rules")).Body, StringComparison.Ordinal);
        Assert.Equal((200, """[{"name":"r"}]"""), await server.GetAsync("/api/v2/receivers"));
        Assert.Contains(lines, line => line.Contains("my-rules.yml", StringComparison.Ordinal));
        var shown = (await server.GetAsync("/api/v1/status/config")).Body + (await server.GetAsync("/api/v2/status")).Body
            + string.Join('\n', lines);
        Assert.Contains("<secret>", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_on_logs_stand_in_for_a_rulers_folder_that_is_elsewhere()
    {
        var folder = RunningServer.NewFolder();
        File.WriteAllText(Path.Combine(folder, "prometheus.yml"), "rule_files: [/nowhere/rules/*.yml]\n");
        File.WriteAllText(Path.Combine(folder, "loki.yml"), """
            auth_enabled: false
            ruler: {storage: {type: local, local: {directory: /nowhere/loki/rules}}}
            """);
        File.WriteAllText(Path.Combine(folder, "metrics.yml"), "groups: [{name: m, rules: [{alert: OnMetrics, expr: vector(1)}]}]\n");
        File.WriteAllText(Path.Combine(folder, "logs.yml"), """
            groups:
            - name: l
              rules:
              - alert: OnLogs
                expr: sum(count_over_time({app="x"} |= "error" [5m])) > 0
            """);
        var lines = new List<string>();
        await using var server = await RunningServer.StartAsync(folder, options => options with { Folder = folder, Report = lines.Add });
        var rules = (await server.GetAsync("/api/v1/rules")).Body;
        Assert.Contains("\"OnMetrics\"", rules, StringComparison.Ordinal);
        Assert.Contains("\"OnLogs\"", rules, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("/nowhere/loki/rules has no rules here; 1 rule files", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("rule_files match nothing here; the 1 rule files", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<ServerStartException>(() =>
            RunningServer.StartAsync(options => options with { Folder = "/nowhere/at/all" }));
        Assert.Contains("/nowhere/at/all", error.Message, StringComparison.Ordinal);
    }
}
