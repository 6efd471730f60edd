using System.Text.Json;
using Pharos.Server.Hosting;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Hosting;

/// <summary>What keys of prometheus.yml do to a running server, at start and at a reload.</summary>
public sealed class ConfigurationEffectTests
{
    [Fact]
    public async Task Retention_in_the_file_wins_over_the_flags_until_it_is_taken_out()
    {
        await using var server = await StartAsync("storage: {tsdb: {retention: {time: 3d, size: 1536MB}}}\n");
        Assert.Equal("3d or 1GiB512MiB", await RetentionAsync(server));
        await ReloadAsync(server, "storage: {tsdb: {retention: {size: 2GB}}}\n");
        Assert.Equal("15d or 2GiB", await RetentionAsync(server));
        await ReloadAsync(server, "");
        Assert.Equal("15d", await RetentionAsync(server));
    }

    [Fact]
    public async Task Retention_by_selector_takes_effect_at_a_reload()
    {
        await using var server = await StartAsync("");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var instance in new[] { "dev", "prod" })
        {
            server.Add(now - 120_000, 1, ("__name__", "m"), ("env", instance));
            server.Add(now, 1, ("__name__", "m"), ("env", instance));
        }
        var path = $"/api/v1/query?query=count(m)&time={(now - 60_000) / 1000.0}";
        Assert.Contains("\"2\"", (await server.GetAsync(path)).Body, StringComparison.Ordinal);
        await ReloadAsync(server, "storage: {tsdb: {retention: [{match: '{env=\"dev\"}', time: 1m}]}}\n");
        Assert.Contains("\"1\"", (await server.GetAsync(path)).Body, StringComparison.Ordinal);
        await ReloadAsync(server, "");
        Assert.Contains("\"2\"", (await server.GetAsync(path)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_of_the_disk_is_a_size()
    {
        await using var server = await StartAsync("storage: {tsdb: {retention: {percentage: 12.5}}}\n");
        var disk = new DriveInfo(server.Folder).TotalSize;
        Assert.Equal((long)(disk * 0.125), server.Server.Parts.StorageOptions.RetentionBytes);
    }

    [Fact]
    public async Task The_window_for_late_samples_takes_effect_at_a_reload()
    {
        await using var server = await StartAsync("");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        server.Add(now, 1, ("__name__", "m"));
        Assert.Equal(AppendResult.OutOfOrder, AppendLate(server, now - 60_000));
        await ReloadAsync(server, "storage: {tsdb: {out_of_order_time_window: 5m}}\n");
        Assert.Equal(AppendResult.Ok, AppendLate(server, now - 60_000));
        Assert.NotEqual(AppendResult.Ok, AppendLate(server, now - 600_000));
        var answer = (await server.GetAsync($"/api/v1/query?query=m&time={(now - 59_000) / 1000.0}")).Body;
        Assert.Contains("\"2\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_exemplars_takes_effect_at_a_reload()
    {
        await using var server = await StartAsync("storage: {exemplars: {max_exemplars: 7}}\n");
        Assert.Contains("\nprometheus_tsdb_exemplar_max_exemplars 7\n", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        await ReloadAsync(server, "storage: {exemplars: {max_exemplars: -1}}\n");
        Assert.Contains("\nprometheus_tsdb_exemplar_max_exemplars 0\n", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        await ReloadAsync(server, "");
        Assert.Contains("\nprometheus_tsdb_exemplar_max_exemplars 100000\n", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_of_clients_and_rules_are_logged_to_the_file_that_a_reload_opens_anew()
    {
        await using var server = await StartAsync("global: {query_log_file: query.log, evaluation_interval: 50ms}\nrule_files: [rules.yml]\n",
            ("rules.yml", "groups: [{name: g, rules: [{record: r, expr: 1+1}]}]\n"));
        await server.GetAsync("/api/v1/query_range?query=up&start=60&end=120&step=30");
        await server.GetAsync("/api/v1/query?query=up%20and");
        var file = Path.Combine(server.Folder, "query.log");
        var lines = await LinesAsync(file, wanted: 2);

        var query = lines.First(line => line.TryGetProperty("httpRequest", out _));
        Assert.Equal("promql query logged", query.GetProperty("msg").GetString());
        Assert.Equal(
            """{"end":"1970-01-01T00:02:00.000Z","query":"up","start":"1970-01-01T00:01:00.000Z","step":30}""",
            query.GetProperty("params").GetRawText());
        Assert.Equal(
            """{"clientIP":"127.0.0.1","method":"GET","path":"/api/v1/query_range"}""", query.GetProperty("httpRequest").GetRawText());
        Assert.True(query.GetProperty("stats").GetProperty("timings").TryGetProperty("evalTotalTime", out _));
        var rule = lines.First(line => line.TryGetProperty("ruleGroup", out _));
        Assert.Equal("1 + 1", rule.GetProperty("params").GetProperty("query").GetString());
        Assert.Equal("g", rule.GetProperty("ruleGroup").GetProperty("name").GetString());
        Assert.DoesNotContain(lines, line => line.GetProperty("params").GetProperty("query").GetString() == "up and");
        Assert.Contains("\nprometheus_engine_query_log_enabled 1\n", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);

        File.Move(file, file + ".1");
        await ReloadAsync(server, "global: {query_log_file: query.log}\n");
        await server.GetAsync("/api/v1/query?query=up");
        Assert.NotEmpty(await LinesAsync(file, wanted: 1));
    }

    [Fact]
    public async Task A_query_log_that_cannot_be_opened_fails_the_reload_and_changes_nothing()
    {
        await using var server = await StartAsync("scrape_configs: [{job_name: one}]\n");
        var (status, body) = await TryReloadAsync(server, "global: {query_log_file: /nowhere/query.log}\nscrape_configs: [{job_name: two}]\n");
        Assert.Equal(500, status);
        Assert.Contains("/nowhere/query.log", body, StringComparison.Ordinal);
        Assert.Contains("\"one\"", (await server.GetAsync("/api/v1/scrape_pools")).Body, StringComparison.Ordinal);
    }

    private static AppendResult AppendLate(RunningServer server, long timestampMs)
    {
        using var appender = server.Server.Parts.Store.Appender();
        var reference = 0UL;
        var result = appender.Append(ref reference, LabelSet.From(("__name__", "m")), timestampMs, 2);
        appender.Commit();
        return result;
    }

    private static async Task<List<JsonElement>> LinesAsync(string file, int wanted)
    {
        for (var i = 0; i < 200; i++)
        {
            var lines = File.Exists(file) ? Read(file) : [];
            if (lines.Select(line => line.TryGetProperty("ruleGroup", out _)).Distinct().Count() >= wanted)
            {
                return lines;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException(file);
    }

    private static List<JsonElement> Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static async Task<string?> RetentionAsync(RunningServer server) =>
        (await server.JsonAsync("/api/v1/status/runtimeinfo")).GetProperty("data").GetProperty("storageRetention").GetString();

    private static async Task ReloadAsync(RunningServer server, string text) =>
        Assert.Equal((200, ""), await TryReloadAsync(server, text));

    private static Task<(int Status, string Body)> TryReloadAsync(RunningServer server, string text)
    {
        File.WriteAllText(Path.Combine(server.Folder, "prometheus.yml"), text);
        return server.PostFormAsync("/-/reload");
    }

    private static Task<RunningServer> StartAsync(string text, params (string Name, string Text)[] others)
    {
        var folder = RunningServer.NewFolder();
        foreach (var (name, content) in others)
        {
            File.WriteAllText(Path.Combine(folder, name), content);
        }
        var file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, text);
        return RunningServer.StartAsync(folder, options => options with { ConfigFile = file, DataPath = Path.Combine(folder, "data") });
    }
}
