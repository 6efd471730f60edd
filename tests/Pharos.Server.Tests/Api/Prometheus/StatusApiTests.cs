using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Api.Prometheus;

public sealed class StatusApiTests : IAsyncLifetime
{
    private const string Config = """
        global: {scrape_interval: 7s, external_labels: {zone: eu, cluster: a}}
        scrape_configs:
        - job_name: one
          basic_auth: {username: me, password: hidden}
          static_configs: [{targets: ['127.0.0.1:1'], labels: {team: "blue: sky"}}]
          relabel_configs:
          - {source_labels: [__address__], regex: '(.*):1', target_label: host}
          - {source_labels: [host], regex: '127.*', action: drop}
          - {action: labeldrop, regex: team}
        """;

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, Config);
        _server = await RunningServer.StartAsync(folder, options => options with
        {
            ConfigFile = file,
            EnabledFeatures = new HashSet<string> { "search-api" },
        });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Scrape_pool_shows_its_configuration_in_effect_without_secrets()
    {
        var yaml = (await _server.JsonAsync("/api/v1/scrape_pools/config?scrapePool=one")).GetProperty("data").GetProperty("yaml").GetString()!;
        Assert.StartsWith(
            "job_name: one\nhonor_labels: false\nhonor_timestamps: true\ntrack_timestamps_staleness: false\nscrape_interval: 7s\n", yaml,
            StringComparison.Ordinal);
        Assert.Contains("basic_auth:\n  username: me\n  password: <secret>\n", yaml, StringComparison.Ordinal);
        Assert.Contains(
            "static_configs:\n- targets:\n  - '127.0.0.1:1'\n  labels:\n    team: 'blue: sky'\n", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relabel_steps_are_shown_one_by_one_until_the_target_is_dropped()
    {
        var labels = Uri.EscapeDataString("""{"__address__":"127.0.0.1:1"}""");
        var steps = (await _server.JsonAsync($"/api/v1/targets/relabel_steps?scrapePool=one&labels={labels}"))
            .GetProperty("data").GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal([true, false, false], steps.Select(step => step.GetProperty("keep").GetBoolean()));
        Assert.Equal("""{"__address__":"127.0.0.1:1","host":"127.0.0.1"}""", steps[0].GetProperty("output").GetRawText());
        Assert.Equal("{}", steps[1].GetProperty("output").GetRawText());
        Assert.Equal("""["__address__"]""", steps[0].GetProperty("rule").GetProperty("source_labels").GetRawText());
    }

    [Fact]
    public async Task Targets_without_the_dropped_ones_have_no_count_of_them()
    {
        var data = (await _server.JsonAsync("/api/v1/targets?state=ACTIVE")).GetProperty("data");
        Assert.Equal(JsonValueKind.Null, data.GetProperty("droppedTargetCounts").ValueKind);
        Assert.Equal("[]", data.GetProperty("droppedTargets").GetRawText());
        data = (await _server.JsonAsync("/api/v1/targets?state=other")).GetProperty("data");
        Assert.Equal("[]", data.GetProperty("activeTargets").GetRawText());
    }

    [Fact]
    public async Task Own_metrics_are_chosen_by_a_whole_name()
    {
        var families = (await _server.JsonAsync("/api/v1/status/self_metrics?metric_name_pattern=pharos_build_.*")).GetProperty("data");
        var family = Assert.Single(families.EnumerateArray());
        Assert.Equal("pharos_build_info", family.GetProperty("name").GetString());
        Assert.Equal("GAUGE", family.GetProperty("type").GetString());
        Assert.Equal(1, family.GetProperty("metric")[0].GetProperty("gauge").GetProperty("value").GetDouble());
        Assert.Equal("[]", (await _server.JsonAsync("/api/v1/status/self_metrics?metric_name_pattern=pharos_build")).GetProperty("data").GetRawText());
        Assert.Equal(400, (await _server.GetAsync("/api/v1/status/self_metrics?metric_name_pattern=(")).Status);
    }

    /// <summary>Every name of Prometheus' own list is answered for, and nothing is claimed under another name.</summary>
    [Fact]
    public async Task Features_are_those_of_Prometheus_list()
    {
        var file = Path.Combine(TestFolders.Shared, "conformance", "prometheus", "cmd", "prometheus", "testdata", "features.json");
        if (!File.Exists(file))
        {
            Assert.Skip("Prometheus' list of features is not here.");
        }
        var theirs = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
        var ours = (await _server.JsonAsync("/api/v1/features")).GetProperty("data");
        Assert.Equal(Names(theirs), Names(ours));
        Assert.True(ours.GetProperty("api").GetProperty("search").GetBoolean());
    }

    [Fact]
    public async Task Blocks_of_a_store_in_memory_are_none() => Assert.Equal(
        """{"status":"success","data":{"blocks":[]}}""", (await _server.GetAsync("/api/v1/status/tsdb/blocks")).Body);

    [Fact]
    public async Task A_block_that_was_removed_while_the_server_was_stopped_is_told()
    {
        var folder = RunningServer.NewFolder();
        var data = Path.Combine(folder, "data");
        var metrics = Path.Combine(data, "metrics");
        await using (var store = MetricStore.OpenWithoutUpkeep(
            new MetricStoreOptions { Directory = metrics, RetentionTime = TimeSpan.Zero }, TimeProvider.System, NullLogger.Instance, new Meter("test")))
        {
            using var appender = store.Appender();
            ulong reference = 0;
            foreach (var hour in (int[])[0, 1, 4])
            {
                appender.Append(ref reference, LabelSet.From(("__name__", "m")), (long)TimeSpan.FromHours(hour).TotalMilliseconds, 1);
            }
            appender.Commit();
            store.RunMaintenance();
        }
        File.Delete(Path.Combine(metrics, "blocks", "00000001.block"));
        await using var server = await RunningServer.StartAsync(folder, options => options with { DataPath = data });
        var told = (await server.JsonAsync("/api/v1/status/tsdb/blocks")).GetProperty("data").GetRawText();
        Assert.Equal("""{"blocks":[],"missing":["00000001.block"]}""", told);
        Assert.Contains("pharos_tsdb_missing_blocks_total 1", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metric_names?search[]=htreq", "{\"results\":[{\"name\":\"http_requests_total\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("metric_names?sort_by=alpha&sort_dir=dsc&limit=1", "{\"results\":[{\"name\":\"up\"}]}\n{\"status\":\"success\",\"has_more\":true}\n")]
    [InlineData("metric_names?search[]=UP&case_sensitive=false&include_score=true", "{\"results\":[{\"name\":\"up\",\"score\":1}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("metric_names?batch_size=1", "{\"results\":[{\"name\":\"http_requests_total\"}]}\n{\"results\":[{\"name\":\"up\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("label_names?search[]=jo&sort_by=score", "{\"results\":[{\"name\":\"job\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("label_values?label=job&match[]=up", "{\"results\":[{\"name\":\"b\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("label_values?label=none", "{\"results\":[]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    public async Task Search_streams_what_it_finds(string path, string expected)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _server.Add(now, 1, ("__name__", "http_requests_total"), ("job", "a"));
        _server.Add(now, 1, ("__name__", "up"), ("job", "b"));
        Assert.Equal((200, expected), await _server.GetAsync("/api/v1/search/" + path));
    }

    [Theory]
    [InlineData("metric_names?sort_dir=asc", "sort_dir is only valid when sort_by is set")]
    [InlineData("metric_names?sort_by=score", "sort_by=score requires search[] to be set")]
    [InlineData("metric_names?sort_by=x", "invalid sort_by \"x\" for metric_names: must be \"alpha\" or \"score\"")]
    [InlineData("label_names?fuzz_threshold=101", "invalid fuzz_threshold \"101\": must be 0-100")]
    [InlineData("label_names?fuzz_alg=x", "unsupported fuzz_alg \"x\": must be one of [subsequence jarowinkler]")]
    [InlineData("label_values", "missing required parameter \"label\"")]
    public async Task Bad_search_is_refused(string path, string error)
    {
        var (status, body) = await _server.GetAsync("/api/v1/search/" + path);
        Assert.Equal(400, status);
        Assert.Equal(error, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Federation_writes_external_labels_last_in_their_own_order()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _server.Add(now, 3.5, ("__name__", "fresh"), ("job", "a"), ("zone", "own"));
        Assert.Equal(
            $"# TYPE fresh untyped\nfresh{{job=\"a\",zone=\"own\",cluster=\"a\",instance=\"\"}} 3.5 {now}\n",
            (await _server.GetAsync("/federate?match[]=fresh")).Body);
    }

    private static IEnumerable<string> Names(JsonElement features) => features.EnumerateObject()
        .SelectMany(group => group.Value.EnumerateObject().Select(feature => $"{group.Name}.{feature.Name}")).Order(StringComparer.Ordinal);
}
