using System.Globalization;
using System.Net;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers.Clients;

/// <summary>promtool against Pharos and against a real Prometheus that holds the same samples: what it prints and how it ends
/// must be the same.</summary>
public sealed class PromtoolTests
{
    private const string Promtool = "/usr/bin/promtool";
    private const string Prometheus = "/usr/bin/prometheus";

    /// <summary>Of the samples, in seconds: half an hour ago at a full minute.</summary>
    private static readonly long Start = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60) - 1_800;

    /// <summary>Asked at one time: of the last ones, versions before 3 say something else for a range.</summary>
    private static readonly string[] Expressions =
    [
        "up", "http_requests_total", "sum by (job) (rate(http_requests_total[5m]))", "odd", "odd{text=~\"(?s).*é\"}", "1 + 1", "scalar(up{job=\"a\"})",
        "nothing_of_this_name", "topk(1, http_requests_total)", "sort_desc(up)", "histogram_quantile(0.5, latency_seconds_bucket)",
        "http_requests_total / on (job) group_left () up", "up offset 2m", "up == 1 or vector(3)", "absent(nothing{a=\"b\"})",
        "http_requests_total[1m]", "\"text\"", "sum(", "up{", "foo(up)", "rate(up)", "up and 1",
    ];

    [Fact]
    public async Task Queries_print_what_they_print_for_Prometheus()
    {
        PeerProcess.Need(Promtool, Prometheus, PeerProcess.Pharos);
        await using var pharos = await ServedPharos.StartAsync("global: {}\n", null, "--web.enable-remote-write-receiver");
        var theirs = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        await using var peer = await PeerProcess.ServeAsync(
            Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={pharos.Folder}/prometheus.yml", $"--storage.tsdb.path={pharos.Folder}/theirs",
            $"--web.listen-address={theirs.Authority}", "--web.enable-remote-write-receiver", "--log.level=error");
        using (var client = new HttpClient { BaseAddress = theirs })
        {
            var body = RemoteWriteBody.Create(Samples());
            await RemoteWriteBody.PushAsync(client, body);
            await RemoteWriteBody.PushAsync(pharos.Client, body);
        }

        var problems = new List<string>();
        foreach (var command in Commands())
        {
            var expected = await RunAsync(theirs, command);
            var actual = await RunAsync(pharos.Address, command);
            if (expected != actual)
            {
                problems.Add($"promtool {string.Join(' ', command)}\n  Prometheus: {expected}\n  Pharos:     {actual}");
            }
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        await Rules_are_backfilled_alike(pharos, theirs);
    }

    [Fact]
    public async Task Nothing_is_to_be_said_about_the_servers_own_metrics()
    {
        PeerProcess.Need(Promtool, PeerProcess.Pharos);
        await using var pharos = await ServedPharos.StartAsync("""
            global: {scrape_interval: 100ms, scrape_timeout: 100ms, evaluation_interval: 100ms}
            rule_files: [rules.yml]
            scrape_configs: [{job_name: nobody, static_configs: [{targets: ['127.0.0.1:1']}]}]
            """, "{route: {receiver: nobody}, receivers: [{name: nobody}]}\n", "--web.enable-lifecycle", "--web.enable-remote-write-receiver");
        await File.WriteAllTextAsync(
            Path.Combine(pharos.Folder, "rules.yml"), "groups: [{name: g, rules: [{record: r, expr: up}, {alert: Down, expr: up == 0}]}]\n");
        using (var reload = await pharos.Client.PostAsync("/-/reload", null))
        {
            Assert.Equal(HttpStatusCode.OK, reload.StatusCode);
        }
        await ServedPharos.EventuallyAsync(() => pharos.VectorAsync("ALERTS"), alerts => alerts.Count > 0);
        var file = Path.Combine(pharos.Folder, "metrics.txt");
        await File.WriteAllTextAsync(file, await pharos.Client.GetStringAsync("/metrics"));

        var (code, output) = await PeerProcess.RunAsync("/bin/sh", "-c", $"{Promtool} check metrics <{file}");

        // Prometheus' own name, of which its own tool says the same.
        const string Known = "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total metric name should not include type 'histogram'";
        Assert.Equal([], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except([Known]));
        Assert.Equal(output.Length == 0 ? 0 : 3, code);
        Assert.Contains(
            "collecting: ", (await PeerProcess.RunAsync("/bin/sh", "-c", $"cd {pharos.Folder} && {Promtool} debug metrics {pharos.Address}")).Output,
            StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(pharos.Folder, "debug.tar.gz")));
    }

    /// <summary><c>promtool check healthy|ready</c> joins the address that it was given and the path by nothing: with a slash at the end
    /// of the address it asks for <c>//-/healthy</c>, and Prometheus redirects it.</summary>
    [Fact]
    public async Task A_name_and_a_password_in_the_address_are_sent()
    {
        PeerProcess.Need(Promtool, PeerProcess.Pharos);
        var web = Path.GetTempFileName();
        try
        {
            await using var pharos = await ServedPharos.StartAsync("global: {}\n", null, $"--web.config.file={web}");
            // The file is read anew for every request.
            await File.WriteAllTextAsync(web, $"basic_auth_users: {{alice: {BCrypt.Net.BCrypt.HashPassword("pass word", 4)}}}\n");
            var (code, output) = await PeerProcess.RunAsync(Promtool, "query", "instant", $"http://alice:pass%20word@{pharos.Address.Authority}", "1");
            Assert.Equal(0, code);
            Assert.StartsWith("scalar: 1 @[", output, StringComparison.Ordinal);
            (code, output) = await PeerProcess.RunAsync(Promtool, "query", "instant", $"http://alice:wrong@{pharos.Address.Authority}", "1");
            Assert.Equal(1, code);
            Assert.Contains("client error: 401", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(web);
        }
    }

    [Fact]
    public async Task Health_is_found_with_and_without_a_slash_at_the_addresss_end()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        await using var pharos = await ServedPharos.StartAsync("global: {}\n");
        foreach (var (what, end) in ((string, string)[])[("healthy", ""), ("healthy", "/"), ("ready", ""), ("ready", "/")])
        {
            var url = $"http://{pharos.Address.Authority}{end}";
            using var answer = await pharos.Client.GetAsync(new Uri($"{url}/-/{what}"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($"Prometheus Server is {(what == "healthy" ? "Healthy" : "Ready")}.\n", await answer.Content.ReadAsStringAsync());
            if (await KnowsAsync("check", what))
            {
                var (code, output) = await PeerProcess.RunAsync(Promtool, "check", what, $"--url={url}");
                Assert.True(code == 0 && output.Contains("SUCCESS", StringComparison.Ordinal), output);
            }
        }
    }

    /// <summary>What <c>promtool query analyze</c> asks for, which the installed version cannot: it needs the buckets of one histogram as
    /// a matrix whose series have their samples at the same times.</summary>
    [Fact]
    public async Task Analyzing_a_histogram_finds_its_buckets_at_equal_times()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        await using var pharos = await ServedPharos.StartAsync("global: {}\n", null, "--web.enable-remote-write-receiver");
        await RemoteWriteBody.PushAsync(pharos.Client, RemoteWriteBody.Create(Samples()));
        var time = Start + 600;
        var sums = await AskAsync(pharos, "last_over_time(latency_seconds_sum[1h0m0s])", time);
        Assert.Equal("vector", sums.GetProperty("resultType").GetString());
        Assert.Equal("a", sums.GetProperty("result")[0].GetProperty("metric").GetProperty("job").GetString());
        var buckets = await AskAsync(pharos, "latency_seconds_bucket{job=\"a\"}[1h0m0s]", time);
        Assert.Equal("matrix", buckets.GetProperty("resultType").GetString());
        Assert.Equal(3, buckets.GetProperty("result").GetArrayLength());
        var times = buckets.GetProperty("result").EnumerateArray()
            .Select(series => string.Join(' ', series.GetProperty("values").EnumerateArray().Select(sample => sample[0].GetRawText()))).Distinct();
        Assert.Equal(20, Assert.Single(times).Split(' ').Length);
        if (await KnowsAsync("query", "analyze"))
        {
            var (code, output) = await PeerProcess.RunAsync(
                Promtool, "query", "analyze", $"--server={pharos.Address}", "--type=classichistograms", $"--time={time}", "--match=latency_seconds_sum");
            Assert.True(code == 0 && output.Contains("Bucket stats", StringComparison.Ordinal), output);
        }
    }

    private static async Task<JsonElement> AskAsync(ServedPharos pharos, string query, long time) =>
        await pharos.DataAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}&time={time}");

    /// <summary>Whether promtool is installed and has a command: 2.42 has neither <c>check healthy|ready</c>, <c>query analyze</c> nor
    /// <c>push metrics</c>.</summary>
    private static async Task<bool> KnowsAsync(string group, string command)
    {
        if (!File.Exists(Promtool))
        {
            return false;
        }
        var (_, help) = await PeerProcess.RunAsync(Promtool, "help", group);
        return help.Contains($"{group} {command}", StringComparison.Ordinal);
    }

    /// <summary>The commands without the address, which stands where <c>URL</c> is.</summary>
    private static IEnumerable<string[]> Commands()
    {
        var (from, to) = ($"--start={Start}", $"--end={Start + 600}");
        foreach (var expression in Expressions)
        {
            yield return ["query", "instant", $"--time={Start + 300}", "URL", expression];
        }
        foreach (var expression in (string[])["odd", "http_requests_total[1m]", "1 + 1", "nothing_of_this_name"])
        {
            yield return ["query", "-o", "json", "instant", $"--time={Start + 300}", "URL", expression];
        }
        foreach (var expression in (string[])["odd", "sum by (job) (rate(http_requests_total[5m]))", "scalar(up{job=\"a\"})", "up == 1 or vector(3)"])
        {
            yield return ["query", "range", from, to, "--step=1m", "URL", expression];
        }
        yield return ["query", "-o", "json", "range", from, to, "--step=30s", "--header=X-Name=value", "URL", "up * 2"];
        yield return ["query", "range", to, from, "--step=1m", "URL", "up"];
        yield return ["query", "instant", $"--time={DateTimeOffset.FromUnixTimeSeconds(Start + 60):yyyy-MM-ddTHH:mm:ss.5Z}", "URL", "up"];
        foreach (var match in (string[])["up", "{job=\"a\"}", "{__name__=~\"http.*|odd\"}", "nothing", "{job=\"a\"", "{}"])
        {
            yield return ["query", "series", from, to, $"--match={match}", "--match=up{job=\"b\"}", "URL"];
            yield return ["query", "labels", from, to, $"--match={match}", "URL", "job"];
        }
        yield return ["query", "-o", "json", "series", from, to, "--match=up", "URL"];
        yield return ["query", "-o", "json", "labels", from, to, "URL", "__name__"];
        yield return ["query", "labels", from, to, "URL", "text"];
        yield return ["query", "labels", from, to, "URL", "nothing"];
        yield return ["query", "labels", $"--start={Start - 90_000}", $"--end={Start - 80_000}", "URL", "job"];
    }

    private static async Task<string> RunAsync(Uri server, string[] command)
    {
        var (code, output) = await PeerProcess.RunAsync(Promtool, command.Select(word => word == "URL" ? server.ToString() : word));
        return $"{code}: {output.Replace(server.ToString(), "URL", StringComparison.Ordinal)}";
    }

    /// <summary><c>promtool tsdb create-blocks-from rules</c> evaluates over the past by range queries and writes blocks of the results.</summary>
    private static async Task Rules_are_backfilled_alike(ServedPharos pharos, Uri theirs)
    {
        var rules = Path.Combine(pharos.Folder, "rules.yml");
        await File.WriteAllTextAsync(rules, """
            groups:
            - name: past
              interval: 30s
              rules:
              - {record: 'job:requests:rate1m', expr: 'sum by (job) (rate(http_requests_total[1m]))', labels: {kind: backfilled}}
              - {record: 'up:count', expr: count(up)}
            """);
        List<string> dumps = [];
        foreach (var server in (Uri[])[theirs, pharos.Address])
        {
            var blocks = Path.Combine(pharos.Folder, $"blocks-{server.Port}");
            var (code, output) = await PeerProcess.RunAsync(
                Promtool, "tsdb", "create-blocks-from", "rules", $"--url={server}", $"--start={Start}", $"--end={Start + 600}", $"--output-dir={blocks}", rules);
            Assert.True(code == 0, output);
            // Without one, dump takes the folder for none of a database.
            Directory.CreateDirectory(Path.Combine(blocks, "wal"));
            var (_, dump) = await PeerProcess.RunAsync(Promtool, "tsdb", "dump", blocks);
            dumps.Add(string.Join('\n', dump.Split('\n').Order(StringComparer.Ordinal)));
        }
        Assert.Contains("job:requests:rate1m", dumps[0], StringComparison.Ordinal);
        Assert.Equal(dumps[0], dumps[1]);
    }

    /// <summary>A millisecond after the full seconds, so that none lies on the edge of a range, which versions before 3 close.</summary>
    private static IEnumerable<(LabelSet, IReadOnlyList<(long, double)>)> Samples()
    {
        (long, double)[] Series(Func<int, double> value) => [.. Enumerable.Range(0, 21).Select(i => ((Start * 1000) + (i * 30_000) + 1, value(i)))];
        foreach (var job in (string[])["a", "b"])
        {
            yield return (LabelSet.From(("__name__", "up"), ("job", job)), Series(_ => job == "a" ? 1 : 0));
            yield return (LabelSet.From(("__name__", "http_requests_total"), ("job", job), ("code", "200")), Series(i => i * 7.5));
            yield return (LabelSet.From(("__name__", "http_requests_total"), ("job", job), ("code", "500")), Series(i => i % 9));
        }
        foreach (var (bound, share) in ((string, int)[])[("0.5", 1), ("2", 3), ("+Inf", 4)])
        {
            yield return (LabelSet.From(("__name__", "latency_seconds_bucket"), ("job", "a"), ("le", bound)), Series(i => i * share));
        }
        yield return (LabelSet.From(("__name__", "latency_seconds_sum"), ("job", "a")), Series(i => i * 3.25));
        yield return (LabelSet.From(("__name__", "odd"), ("text", "line\nquote\"back\\slash é")), Series(_ => double.NaN));
        foreach (var value in (double[])[double.PositiveInfinity, double.NegativeInfinity, 1e300, 1e-9, -0.0, 123456789])
        {
            yield return (
                LabelSet.From(("__name__", "odd"), ("text", value.ToString("R", CultureInfo.InvariantCulture))), Series(_ => value));
        }
    }
}
