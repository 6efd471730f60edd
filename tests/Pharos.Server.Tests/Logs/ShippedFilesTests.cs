using System.Text.Json;
using Pharos.Server.Tests.Api;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Logs;

public sealed class ShippedFilesTests
{
    [Fact]
    public async Task What_is_shipped_and_how_far_is_told_by_job()
    {
        var folder = RunningServer.NewFolder();
        var log = Path.Combine(folder, "app.log");
        await File.WriteAllTextAsync(log, "one\ntwo\nthre");
        var file = Path.Combine(folder, "promtail.yml");
        await File.WriteAllTextAsync(file, $$"""
            positions: {filename: {{Path.Combine(folder, "positions.yaml")}}}
            clients: [{url: "http://loki:3100/loki/api/v1/push"}]
            scrape_configs:
            - job_name: app
              static_configs: [{targets: [localhost], labels: {app: web, __path__: "{{log}}"} }]
            - job_name: nothing
              static_configs: [{targets: [localhost], labels: {app: none, __path__: "{{folder}}/none-*.log"} }]
            - job_name: left out
              static_configs: [{targets: [localhost], labels: {app: none} }]
            """);
        await using var server = await RunningServer.StartAsync(folder, options => options with { PromtailConfigFile = file });
        var jobs = await ReadAsync(server, 8);
        Assert.Equal(["app", "nothing", "left out"], jobs.Select(static job => job.GetProperty("job").GetString()));
        var shipped = jobs[0].GetProperty("files")[0];
        Assert.Equal(log, shipped.GetProperty("path").GetString());
        Assert.Equal(12, shipped.GetProperty("sizeBytes").GetInt64());
        Assert.Equal("web", shipped.GetProperty("labels").GetProperty("app").GetString());
        Assert.Equal($"{folder}/none-*.log", jobs[1].GetProperty("patterns")[0].GetProperty("pattern").GetString());
        Assert.Empty(jobs[1].GetProperty("files").EnumerateArray());
        Assert.NotEmpty(jobs[2].GetProperty("dropped")[0].GetProperty("reason").GetString()!);
        await File.AppendAllTextAsync(log, "e\n");
        var later = await ReadAsync(server, 14);
        Assert.Equal(14, later[0].GetProperty("files")[0].GetProperty("sizeBytes").GetInt64());
    }

    [Fact]
    public async Task A_server_that_ships_nothing_has_no_jobs()
    {
        await using var server = await RunningServer.StartAsync(RunningServer.NewFolder(), static options => options);
        Assert.Empty((await server.JsonAsync("/api/pharos/logs/targets")).GetProperty("jobs").EnumerateArray());
    }

    /// <summary>The jobs, once the first file is shipped so far.</summary>
    private static async Task<List<JsonElement>> ReadAsync(RunningServer server, long offset)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var answer = await server.JsonAsync("/api/pharos/logs/targets");
            var jobs = answer.GetProperty("jobs").EnumerateArray().ToList();
            var files = jobs[0].GetProperty("files").EnumerateArray().ToList();
            if (files.Count > 0 && files[0].GetProperty("offsetBytes").GetInt64() == offset)
            {
                DescribedAnswer.Check(await server.JsonAsync("/api/pharos/openapi.json"), "ShippedJobs", answer);
                return jobs;
            }
            await Task.Delay(50, limit.Token);
        }
    }
}
