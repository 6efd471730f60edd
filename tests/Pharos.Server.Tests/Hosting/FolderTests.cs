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
    public async Task Folder_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<ServerStartException>(() =>
            RunningServer.StartAsync(options => options with { Folder = "/nowhere/at/all" }));
        Assert.Contains("/nowhere/at/all", error.Message, StringComparison.Ordinal);
    }
}
