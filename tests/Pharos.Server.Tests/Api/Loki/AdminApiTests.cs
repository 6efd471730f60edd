using System.Text.Json;
using Pharos.Server.Hosting;

namespace Pharos.Server.Tests.Api.Loki;

public sealed class AdminApiTests
{
    [Fact]
    public async Task Deletions_wait_until_they_cannot_be_cancelled()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\ncompactor: {delete_request_cancel_period: 24h}\n");
        await stage.PushAsync("""{"job":"a"}""", "x");
        var path = "/loki/api/v1/delete?query=" + Uri.EscapeDataString("{job=\"a\"}") + "&start=" + LokiStage.Text(stage.BaseNs - LokiStage.Second);
        Assert.Equal((204, ""), await stage.SendAsync(HttpMethod.Post, path, null));
        var listed = await stage.Server.JsonAsync("/loki/api/v1/delete");
        Assert.Equal(("received", "{job=\"a\"}"), (listed[0].GetProperty("status").GetString(), listed[0].GetProperty("query").GetString()));
        Assert.NotEmpty((await stage.QueryRangeAsync("{job=\"a\"}")).GetProperty("data").GetProperty("result").EnumerateArray());
        var id = listed[0].GetProperty("request_id").GetString();
        Assert.Equal(204, (await stage.SendAsync(HttpMethod.Delete, $"/loki/api/v1/delete?request_id={id}", null)).Status);
        Assert.Equal("[]", (await stage.Server.GetAsync("/loki/api/v1/delete")).Body);
        Assert.Equal(400, (await stage.SendAsync(HttpMethod.Delete, $"/loki/api/v1/delete?request_id={id}", null)).Status);
        Assert.Equal((400, "start time not set\n"), await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/delete?query=%7Bjob%3D%22a%22%7D", null));
    }

    [Fact]
    public async Task Without_a_cancel_period_entries_are_gone_at_once_and_only_those_that_match()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\ncompactor: {delete_request_cancel_period: 0s}\n");
        await stage.PushAsync("""{"job":"a"}""", "keep this", "drop this");
        var path = "/loki/api/v1/delete?query=" + Uri.EscapeDataString("{job=\"a\"} |= \"drop\"") + "&start=1";
        Assert.Equal((204, ""), await stage.SendAsync(HttpMethod.Put, path, null));
        Assert.Equal("processed", (await stage.Server.JsonAsync("/loki/api/v1/delete"))[0].GetProperty("status").GetString());
        var values = (await stage.QueryRangeAsync("{job=\"a\"}")).GetProperty("data").GetProperty("result")[0].GetProperty("values");
        Assert.Equal("keep this", Assert.Single(values.EnumerateArray())[1].GetString());
    }

    /// <summary>Many streams in one block, of which each row is decided on by its own line, metadata and time.</summary>
    [Fact]
    public async Task A_deletion_by_stages_takes_the_entries_that_a_query_finds()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\ncompactor: {delete_request_cancel_period: 0s}\n");
        for (var stream = 0; stream < 20; stream++)
        {
            var lines = Enumerable.Range(0, 30).Select(i => $"level={(i % 3 == 0 ? "error" : "info")} user={i % 5} line {stream}.{i}").ToArray();
            await stage.PushAsync($$"""{"job":"a","stream":"{{stream}}"}""", lines);
        }
        Assert.Equal(204, (await stage.SendAsync(HttpMethod.Post, "/loki/flush", null)).Status);
        const string Query = "{job=\"a\"} |= \"line\" | detected_level=\"error\" | logfmt | user > 2";
        var all = await LinesAsync(stage, "{job=\"a\"}", 0);
        var fromNs = stage.BaseNs + (10 * LokiStage.Second);
        var found = await LinesAsync(stage, Query, fromNs);
        Assert.InRange(found.Count, 1, all.Count - 1);
        await stage.SendAsync(HttpMethod.Put, $"/loki/api/v1/delete?query={Uri.EscapeDataString(Query)}&start={LokiStage.Text(fromNs)}", null);
        Assert.Equal(all.Except(found), await LinesAsync(stage, "{job=\"a\"}", 0));
        Assert.Empty(await LinesAsync(stage, Query, fromNs));
    }

    private static async Task<SortedSet<string>> LinesAsync(LokiStage stage, string query, long startNs)
    {
        var from = LokiStage.Text(Math.Max(startNs, stage.BaseNs));
        var result = (await stage.QueryRangeAsync(query, $"&limit=5000&start={from}")).GetProperty("data").GetProperty("result");
        return new SortedSet<string>(
            result.EnumerateArray().SelectMany(static stream => stream.GetProperty("values").EnumerateArray()).Select(static value => value[1].GetString()!),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Paths_that_mean_something_else_on_the_one_port_are_lokis_on_its_own()
    {
        await using var stage = await LokiStage.StartAsync(
            "auth_enabled: false\n", static options => options with { LokiListen = new ListenAddress("127.0.0.1", 0, "loki.listen-address") });
        var loki = stage.Server.Server.Addresses[1];
        using var http = new HttpClient { BaseAddress = loki };
        Assert.Equal("ready\n", await http.GetStringAsync("/ready"));
        Assert.Contains("auth_enabled: false", await http.GetStringAsync("/config"), StringComparison.Ordinal);
        Assert.Contains("max_query_series: 500", await http.GetStringAsync("/config/tenant/v1/limits"), StringComparison.Ordinal);
        Assert.Contains("Running", await http.GetStringAsync("/services"), StringComparison.Ordinal);
        Assert.Contains("# TYPE", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal("ready\n", (await stage.Server.GetAsync("/loki/ready")).Body);
        Assert.NotEqual("ready\n", (await stage.Server.GetAsync("/ready")).Body);
        using var flushed = await http.PostAsync("/flush", null);
        Assert.Equal(204, (int)flushed.StatusCode);
        Assert.Equal("3.5.0", (await stage.Server.JsonAsync("/loki/api/v1/status/buildinfo")).GetProperty("version").GetString());
        Assert.True((await stage.Server.JsonAsync("/loki/api/v1/drilldown-limits")).GetProperty("limits").GetProperty("volume_enabled").GetBoolean());
    }

    [Fact]
    public async Task Rules_are_written_read_and_taken_away_over_http()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\n");
        const string Group = "name: errors\ninterval: 1m\nrules:\n- alert: Many\n  expr: sum(count_over_time({job=\"a\"} |= \"error\" [5m])) > 1\n  for: 1m\n"
            + "  labels: {severity: page}\n";
        var (status, body) = await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/rules/shop", null, Group, "application/yaml");
        Assert.True(status == 202, body);
        var listed = await stage.Server.GetAsync("/loki/api/v1/rules");
        Assert.StartsWith("shop:\n  - name: errors\n", listed.Body, StringComparison.Ordinal);
        Assert.StartsWith("name: errors\n", (await stage.Server.GetAsync("/loki/api/v1/rules/shop/errors")).Body, StringComparison.Ordinal);
        var groups = (await stage.Server.JsonAsync("/prometheus/api/v1/rules")).GetProperty("data").GetProperty("groups");
        Assert.Equal("Many", groups[0].GetProperty("rules")[0].GetProperty("name").GetString());
        var wrong = Group.Replace("sum(", "sun(", StringComparison.Ordinal);
        Assert.Equal(400, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/rules/shop", null, wrong)).Status);
        Assert.Equal(202, (await stage.SendAsync(HttpMethod.Delete, "/loki/api/v1/rules/shop/errors", null)).Status);
        Assert.Equal((404, "no rule groups found\n"), await stage.Server.GetAsync("/loki/api/v1/rules"));
        Assert.Equal(404, (await stage.SendAsync(HttpMethod.Delete, "/loki/api/v1/rules/shop", null)).Status);
    }

    [Fact]
    public async Task Files_of_the_rulers_folder_are_namespaces_by_their_whole_names()
    {
        var rules = Directory.CreateTempSubdirectory("pharos-ruler-").FullName;
        Directory.CreateDirectory(Path.Combine(rules, "fake"));
        await File.WriteAllTextAsync(
            Path.Combine(rules, "fake", "shop.yaml"), "groups:\n- name: errors\n  rules:\n  - record: a:b\n    expr: sum(rate({job=\"a\"}[5m]))\n");
        await using var stage = await LokiStage.StartAsync($"auth_enabled: false\nruler: {{storage: {{type: local, local: {{directory: {rules}}}}}}}\n");
        Assert.StartsWith("shop.yaml:\n  - name: errors\n", (await stage.Server.GetAsync("/loki/api/v1/rules")).Body, StringComparison.Ordinal);
        Assert.StartsWith("name: errors\n", (await stage.Server.GetAsync("/loki/api/v1/rules/shop.yaml/errors")).Body, StringComparison.Ordinal);
        Directory.Delete(rules, recursive: true);
    }

    [Fact]
    public async Task Rules_on_logs_store_metrics_and_fire_alerts()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\nruler: {external_labels: {region: eu, job: never}}\n");
        await stage.PushFromAsync(
            (DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 2) * LokiStage.Second, """{"job":"a"}""", "error one", "error two", "fine");
        const string Group = "name: errors\ninterval: 200ms\nrules:\n- record: job:errors:count\n"
            + "  expr: sum by (job) (count_over_time({job=\"a\"} |= \"error\" [5m]))\n"
            + "- alert: Many\n  expr: sum by (job) (count_over_time({job=\"a\"} |= \"error\" [5m])) > 1\n";
        var (status, body) = await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/rules/shop", null, Group, "application/yaml");
        Assert.True(status == 202, body);
        JsonElement alerts = default;
        for (var i = 0; i < 100; i++)
        {
            alerts = (await stage.Server.JsonAsync("/prometheus/api/v1/alerts")).GetProperty("data").GetProperty("alerts");
            if (alerts.GetArrayLength() > 0 && alerts[0].GetProperty("state").GetString() == "firing")
            {
                break;
            }
            await Task.Delay(100);
        }
        Assert.Equal(("Many", "a"), (
            alerts[0].GetProperty("labels").GetProperty("alertname").GetString(), alerts[0].GetProperty("labels").GetProperty("job").GetString()));
        var recorded = (await stage.Server.JsonAsync("/api/v1/query?query=" + Uri.EscapeDataString("{__name__=\"job:errors:count\"}")))
            .GetProperty("data").GetProperty("result");
        Assert.Equal("2", recorded[0].GetProperty("value")[1].GetString());
        Assert.Equal(("a", "eu"), (
            recorded[0].GetProperty("metric").GetProperty("job").GetString(), recorded[0].GetProperty("metric").GetProperty("region").GetString()));
    }

    [Fact]
    public async Task Limits_of_tenants_are_read_again_while_the_server_runs()
    {
        var overrides = Path.GetTempFileName();
        await File.WriteAllTextAsync(overrides, "overrides: {a: {max_line_size: 3}}\n");
        await using var stage = await LokiStage.StartAsync($"auth_enabled: true\nruntime_config: {{file: {overrides}, period: 100ms}}\n");
        var push = $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{LokiStage.Text(stage.BaseNs)}}","four"]]}]}""";
        Assert.Equal(400, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "a", push)).Status);
        Assert.Equal(204, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "b", push)).Status);
        await File.WriteAllTextAsync(overrides, "overrides: {a: {max_line_size: 30}}\n");
        File.SetLastWriteTimeUtc(overrides, DateTime.UtcNow.AddSeconds(5));
        var status = 400;
        for (var i = 0; i < 100 && status == 400; i++)
        {
            await Task.Delay(50);
            status = (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "a", push)).Status;
        }
        Assert.Equal(204, status);
        File.Delete(overrides);
    }
}
