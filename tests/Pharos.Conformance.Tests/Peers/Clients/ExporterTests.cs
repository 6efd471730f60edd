using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pharos.Conformance.Tests.Peers.Clients;

/// <summary>Exporters and the push gateway as they are installed, scraped by Pharos.</summary>
public sealed partial class ExporterTests
{
    private const string NodeExporter = "/usr/bin/prometheus-node-exporter";
    private const string Pushgateway = "/usr/bin/prometheus-pushgateway";

    [Fact]
    public async Task Every_family_and_sample_of_the_node_exporter_is_there()
    {
        PeerProcess.Need(NodeExporter, PeerProcess.Pharos);
        var exporter = $"127.0.0.1:{PeerProcess.FreePort()}";
        await using var node = await PeerProcess.ServeAsync(
            NodeExporter, new Uri($"http://{exporter}/"), $"--web.listen-address={exporter}", "--log.level=error");
        await using var pharos = await ServedPharos.StartAsync($$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs: [{job_name: node, static_configs: [{targets: ['{{exporter}}']}]}]
            """);
        using var client = new HttpClient();
        // Devices come and go; the count is compared once it holds still over a scrape.
        var text = "";
        var scraped = await ServedPharos.EventuallyAsync(
            async () =>
            {
                text = await client.GetStringAsync(new Uri($"http://{exporter}/metrics"));
                return await pharos.ValueAsync("scrape_samples_scraped{job=\"node\"}");
            },
            value => value == Samples(text).Count());

        Assert.InRange(scraped!.Value, 200, 100_000);
        Assert.Equal(scraped, await pharos.ValueAsync("scrape_samples_post_metric_relabeling"));
        Assert.Equal(scraped + 5, await pharos.ValueAsync("count({job=\"node\"})"));
        var stored = (await pharos.DataAsync("/api/v1/label/__name__/values")).EnumerateArray().Select(name => name.GetString()!).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Samples(text).Select(sample => sample.Name).Except(stored));
        Assert.Equal(Families(text), await MetadataAsync(pharos));
        foreach (var (name, labels, value) in Samples(text).Where(sample => Constant().IsMatch(sample.Name)))
        {
            Assert.Equal(double.Parse(value, CultureInfo.InvariantCulture), await pharos.ValueAsync($"{name}{{{labels}}}"));
        }
    }

    [Fact]
    public async Task What_was_pushed_keeps_its_labels_or_has_them_renamed()
    {
        PeerProcess.Need(Pushgateway, PeerProcess.Pharos);
        var gateway = $"127.0.0.1:{PeerProcess.FreePort()}";
        await using var push = await PeerProcess.ServeAsync(
            Pushgateway, new Uri($"http://{gateway}/-/ready"), $"--web.listen-address={gateway}", "--log.level=error");
        await using var pharos = await ServedPharos.StartAsync($$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - {job_name: honoured, honor_labels: true, static_configs: [{targets: ['{{gateway}}']}]}
            - {job_name: renamed, static_configs: [{targets: ['{{gateway}}']}]}
            """);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{gateway}") };
        await SendAsync(client, HttpMethod.Post, "/metrics/job/backup/instance/db-1", """
            # HELP backup_bytes Size of the last backup.
            # TYPE backup_bytes gauge
            backup_bytes{table="users"} 4.2e+09
            backup_bytes{table="orders",instance="inside"} 17

            """);
        // A value with a slash travels in base64; an empty instance is one that nobody gave.
        await SendAsync(client, HttpMethod.Put, $"/metrics/job/backup/path@base64/{Base64("/var/größe")}", "backup_files_total 3\n");

        await ServedPharos.EventuallyAsync(() => pharos.VectorAsync("backup_files_total"), found => found.Count == 2);
        Assert.Equal(
            [
                $"backup_bytes{{exported_instance=\"db-1\", exported_job=\"backup\", instance=\"{gateway}\", job=\"renamed\", table=\"orders\"}}",
                $"backup_bytes{{exported_instance=\"db-1\", exported_job=\"backup\", instance=\"{gateway}\", job=\"renamed\", table=\"users\"}}",
                "backup_bytes{instance=\"db-1\", job=\"backup\", table=\"orders\"}",
                "backup_bytes{instance=\"db-1\", job=\"backup\", table=\"users\"}",
            ],
            (await pharos.VectorAsync("backup_bytes")).Keys);
        Assert.Equal(
            [
                $"backup_files_total{{exported_job=\"backup\", instance=\"{gateway}\", job=\"renamed\", path=\"/var/größe\"}}",
                "backup_files_total{job=\"backup\", path=\"/var/größe\"}",
            ],
            (await pharos.VectorAsync("backup_files_total")).Keys);
        Assert.Equal("4200000000", (await pharos.VectorAsync("backup_bytes{job=\"backup\", table=\"users\"}")).Values.Single());
        Assert.InRange(
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - (await pharos.ValueAsync("push_time_seconds{job=\"backup\", instance=\"db-1\"}"))!.Value, -1, 60);
        Assert.Equal("Size of the last backup.", (await pharos.DataAsync("/api/v1/metadata?metric=backup_bytes"))
            .GetProperty("backup_bytes")[0].GetProperty("help").GetString());

        await SendAsync(client, HttpMethod.Delete, "/metrics/job/backup/instance/db-1", null);
        await ServedPharos.EventuallyAsync(() => pharos.VectorAsync("backup_bytes"), found => found.Count == 0);
        Assert.Equal(2, (await pharos.VectorAsync("backup_files_total")).Count);
    }

    /// <summary>One exporter that asks others on behalf of the server, as blackbox and SNMP exporters do.</summary>
    [Fact]
    public async Task A_prober_is_asked_for_each_target_with_its_parameters()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        await using var prober = new LoopbackListener(path => path.StartsWith("/probe?", StringComparison.Ordinal)
            ? $"probe_success {(path.Contains("good", StringComparison.Ordinal) ? 1 : 0)}\n" : "");
        await using var pharos = await ServedPharos.StartAsync($$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - job_name: blackbox
              metrics_path: /probe
              params: {module: [http_2xx], hint: [a b, c]}
              static_configs: [{targets: ['http://good.example/path?x=1', 'bad.example:443']}]
              relabel_configs:
              - {source_labels: [__address__], target_label: __param_target}
              - {source_labels: [__param_target], target_label: instance}
              - {source_labels: [__param_module], target_label: module}
              - {target_label: __address__, replacement: '{{prober.Authority}}'}
            """);
        var probes = await ServedPharos.EventuallyAsync(() => pharos.VectorAsync("probe_success"), found => found.Count == 2);
        Assert.Equal(
            [
                ("probe_success{instance=\"bad.example:443\", job=\"blackbox\", module=\"http_2xx\"}", "0"),
                ("probe_success{instance=\"http://good.example/path?x=1\", job=\"blackbox\", module=\"http_2xx\"}", "1"),
            ],
            probes.Select(probe => (probe.Key, probe.Value)));
        Assert.Equal(
            [
                "/probe?hint=a+b&hint=c&module=http_2xx&target=bad.example%3A443",
                "/probe?hint=a+b&hint=c&module=http_2xx&target=http%3A%2F%2Fgood.example%2Fpath%3Fx%3D1",
            ],
            prober.Requests.Select(request => request.Path).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "text/plain");
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static string Base64(string text) => WebUtility.UrlEncode(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('/', '_').Replace('+', '-'));

    private static IEnumerable<(string Name, string Labels, string Value)> Samples(string text) => text.Split('\n')
        .Select(line => SampleLine().Match(line)).Where(match => match.Success)
        .Select(match => (match.Groups["name"].Value, match.Groups["labels"].Value, match.Groups["value"].Value));

    /// <summary>Type and help of every family, each as <c>name type help</c>.</summary>
    private static SortedSet<string> Families(string text)
    {
        var help = HelpLine().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["help"].Value, StringComparer.Ordinal);
        return new SortedSet<string>(
            TypeLine().Matches(text).Select(match => $"{match.Groups["name"].Value} {Known(match.Groups["type"].Value)} {help[match.Groups["name"].Value]}"),
            StringComparer.Ordinal);
    }

    /// <summary>The text format calls a family untyped that the API calls unknown.</summary>
    private static string Known(string type) => type == "untyped" ? "unknown" : type;

    private static async Task<SortedSet<string>> MetadataAsync(ServedPharos pharos)
    {
        var families = await pharos.DataAsync("/api/v1/metadata");
        return new SortedSet<string>(
            families.EnumerateObject().SelectMany(family => family.Value.EnumerateArray().Select(
                entry => $"{family.Name} {entry.GetProperty("type").GetString()} {entry.GetProperty("help").GetString()}")),
            StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex SampleLine();

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^# HELP (?<name>\S+) (?<help>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex HelpLine();

    /// <summary>What does not change while a machine runs.</summary>
    [GeneratedRegex("^node_(uname_info|boot_time_seconds|memory_MemTotal_bytes|exporter_build_info|filesystem_size_bytes|os_info|network_mtu_bytes)$")]
    private static partial Regex Constant();
}
