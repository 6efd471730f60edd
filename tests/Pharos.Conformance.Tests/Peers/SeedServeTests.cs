using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pharos.Conformance.Tests.Peers;

/// <summary><c>pharos serve</c> on the seed's own files, with nothing changed but addresses and paths, asked from the outside.</summary>
public sealed partial class SeedServeTests
{
    private const string NodeExporter = "/usr/bin/prometheus-node-exporter";
    private const string Promtool = "/usr/bin/promtool";
    private const string Amtool = "/usr/bin/amtool";
    private const int Rules = 26;

    /// <summary>An address where nothing listens: what would be told there must not keep the server from anything.</summary>
    private const string Nowhere = "127.0.0.1:1";

    [Fact]
    public async Task The_seeds_files_run_and_the_peers_tools_work_with_them()
    {
        if (SeedFolders.Seed is null)
        {
            Assert.Skip("needs ../shared/seed beside the checkout");
        }
        PeerProcess.Need(NodeExporter, Promtool, Amtool, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-seed-serve").FullName;
        try
        {
            var exporter = $"127.0.0.1:{PeerProcess.FreePort()}";
            var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
            Copy(SeedFolders.Seed, folder, exporter);
            await using var node = await PeerProcess.ServeAsync(
                NodeExporter, new Uri($"http://{exporter}/"), $"--web.listen-address={exporter}", "--log.level=error");
            await using var server = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(address, "/-/ready"), "serve", folder, $"--data={folder}/data", $"--web.listen-address={address.Authority}");
            using var client = new HttpClient { BaseAddress = address };

            WarnsOncePerKubernetesJob(server.Lines, await File.ReadAllTextAsync(Path.Combine(folder, "prometheus.yml")));
            await RoutesAsAmtoolSays(client, folder);
            await EveryRuleIsHealthy(client);
            await TargetsAreTried(client, exporter);
            await PromtoolWorks(address);
            await AmtoolWorks(address);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Copy(string seed, string folder, string exporter)
    {
        foreach (var file in (string[])["prometheus.yml", "alertmanager.yml", .. Directory.EnumerateFiles(Path.Combine(seed, "rules"))
            .Select(file => Path.GetRelativePath(seed, file))])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            File.WriteAllText(Path.Combine(folder, file), File.ReadAllText(Path.Combine(seed, file))
                .Replace("/etc/prometheus", folder, StringComparison.Ordinal).Replace("/etc/alertmanager", folder, StringComparison.Ordinal)
                .Replace("postgres-exporter:9187", Nowhere, StringComparison.Ordinal).Replace("mongodb-exporter:9216", Nowhere, StringComparison.Ordinal)
                .Replace("kube-state-metrics:8080", Nowhere, StringComparison.Ordinal)
                .Replace("smtp.your-domain.com:587", Nowhere, StringComparison.Ordinal));
        }
        File.AppendAllText(Path.Combine(folder, "prometheus.yml"), $"""

            - job_name: 'node'
              scrape_interval: 1s
              static_configs:
              - targets: ['{exporter}']

            """);
        Directory.CreateDirectory(Path.Combine(folder, "secrets"));
        foreach (var (secret, value) in new[] { ("slack-webhook", $"http://{Nowhere}/slack"), ("pagerduty-key", "key"), ("smtp-password", "password") })
        {
            File.WriteAllText(Path.Combine(folder, "secrets", secret), value);
        }
    }

    private static void WarnsOncePerKubernetesJob(IReadOnlyList<string> lines, string prometheus)
    {
        var jobs = KubernetesJob().Matches(prometheus).Select(match => match.Groups["job"].Value).Order(StringComparer.Ordinal);
        var warned = lines.Where(line => line.Contains("level=WARN", StringComparison.Ordinal))
            .Select(line => WarnedJob().Match(line)).Where(match => match.Success).Select(match => match.Groups["job"].Value).Order(StringComparer.Ordinal);
        Assert.Equal(jobs, warned);
        Assert.DoesNotContain(lines, line => line.Contains(": error:", StringComparison.Ordinal) || line.Contains("level=ERROR", StringComparison.Ordinal));
    }

    private static async Task EveryRuleIsHealthy(HttpClient client)
    {
        List<string?> health = [];
        for (var attempt = 0; attempt < 300 && health.Count(one => one == "ok") < Rules; attempt++)
        {
            await Task.Delay(100);
            using var answer = await client.GetFromJsonAsync<JsonDocument>("/api/v1/rules");
            health = [.. answer!.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray()).Select(rule => rule.GetProperty("health").GetString())];
        }
        Assert.Equal(Enumerable.Repeat("ok", Rules), health);
    }

    private static async Task TargetsAreTried(HttpClient client, string exporter)
    {
        JsonElement[] targets = [];
        for (var attempt = 0; attempt < 400 && (targets.Length == 0 || targets.Any(one => one.GetProperty("health").GetString() == "unknown")); attempt++)
        {
            await Task.Delay(100);
            using var answer = await client.GetFromJsonAsync<JsonDocument>("/api/v1/targets?state=active");
            targets = [.. answer!.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray().Select(one => one.Clone())];
        }
        var states = targets.Select(one => $"{one.GetProperty("labels").GetProperty("job")} {one.GetProperty("health")}").Order(StringComparer.Ordinal);
        Assert.Equal(["kube-state-metrics down", "mongodb-exporter down", "node up", "postgres-exporter down"], states);
        var up = await QueryAnswer.AskAsync(client, $"/api/v1/query?query={Uri.EscapeDataString($"node_filesystem_size_bytes and on (instance) up{{instance=\"{exporter}\"}} == 1")}");
        Assert.True(up.Count > 0, "The exporter's own series are not there.");
    }

    private static async Task PromtoolWorks(Uri address)
    {
        var server = address.ToString();
        Assert.Matches("up{instance=\"[^\"]+\", job=\"node\"} => 1 @", await OutputAsync(Promtool, "query", "instant", server, "up == 1"));
        Assert.Contains("job=\"postgres-exporter\"} =>", await OutputAsync(Promtool, "query", "range", "--step=1s", server, "up"), StringComparison.Ordinal);
        Assert.Contains("job=\"node\"", await OutputAsync(Promtool, "query", "series", "--match=up", server), StringComparison.Ordinal);
        Assert.Equal("kube-state-metrics\nmongodb-exporter\nnode\npostgres-exporter", await OutputAsync(Promtool, "query", "labels", server, "job"));
    }

    private static async Task AmtoolWorks(Uri address)
    {
        var at = $"--alertmanager.url={address}";
        await OutputAsync(Amtool, at, "alert", "add", "Tried", "severity=critical", "service=database", "--annotation=summary=tried");
        Assert.Contains("Tried", await OutputAsync(Amtool, at, "alert", "query", "alertname=Tried"), StringComparison.Ordinal);
        var id = (await OutputAsync(Amtool, at, "silence", "add", "alertname=Tried", "--author=me", "--comment=a test")).Split('\n')[^1];
        Assert.True(Guid.TryParse(id, out _), id);
        Assert.Contains(id, await OutputAsync(Amtool, at, "silence", "query"), StringComparison.Ordinal);
        Assert.DoesNotContain("Tried", await OutputAsync(Amtool, at, "alert", "query", "alertname=Tried"), StringComparison.Ordinal);
        Assert.Contains("suppressed", await OutputAsync(Amtool, at, "alert", "query", "--silenced", "alertname=Tried"), StringComparison.Ordinal);
        await OutputAsync(Amtool, at, "silence", "expire", id);
        Assert.Contains("active", await OutputAsync(Amtool, at, "alert", "query", "alertname=Tried"), StringComparison.Ordinal);
        Assert.Contains(id, await OutputAsync(Amtool, at, "silence", "query", "--expired"), StringComparison.Ordinal);
    }

    /// <summary>Every alert of the rules, and one of them with many labels, is posted; the API says which receivers it reached.</summary>
    private static async Task RoutesAsAmtoolSays(HttpClient client, string folder)
    {
        var sets = LabelSets(folder).Select((labels, i) => new Dictionary<string, string>(labels, StringComparer.Ordinal) { ["case"] = $"{i}" }).ToList();
        using var posted = await client.PostAsJsonAsync("/api/v2/alerts", sets.Select(labels => new { labels }));
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
        using var answer = await client.GetFromJsonAsync<JsonDocument>("/api/v2/alerts");
        var reached = answer!.RootElement.EnumerateArray().Where(alert => alert.GetProperty("labels").TryGetProperty("case", out _)).ToDictionary(
            alert => alert.GetProperty("labels").GetProperty("case").GetString()!,
            alert => string.Join(',', alert.GetProperty("receivers").EnumerateArray().Select(receiver => receiver.GetProperty("name").GetString())),
            StringComparer.Ordinal);
        Assert.Equal(sets.Count, reached.Count);

        var forAmtool = Path.Combine(folder, "amtool.yml");
        await File.WriteAllTextAsync(forAmtool, SubjectOrBody().Replace(await File.ReadAllTextAsync(Path.Combine(folder, "alertmanager.yml")), ""));
        var wrong = new List<string>();
        await Parallel.ForEachAsync(sets, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (labels, _) =>
        {
            var wanted = await OutputAsync(Amtool, ["config", "routes", "test", $"--config.file={forAmtool}", .. labels.Select(label => $"{label.Key}={label.Value}")]);
            if (wanted != reached[labels["case"]])
            {
                lock (wrong)
                {
                    wrong.Add($"{string.Join(',', labels)} reaches {reached[labels["case"]]}, with amtool {wanted}");
                }
            }
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<Dictionary<string, string>> LabelSets(string folder)
    {
        var alerts = SeedFolders.Alerts(folder).ToList();
        Assert.Equal(Rules, alerts.Count);
        foreach (var alert in alerts)
        {
            yield return alert;
            yield return With(alert, ("environment", "development"));
            yield return With(alert, ("environment", "staging"), ("severity", "info"));
            yield return With(alert, ("severity", alert["severity"] == "critical" ? "warning" : "critical"));
        }
        foreach (var severity in (string[])["critical", "warning", "none", "Critical"])
        {
            foreach (var service in (string[])["database", "context-agents", "core-application", "redis"])
            {
                foreach (var environment in (string[])["production", "development", "staging"])
                {
                    yield return With(alerts[0], ("severity", severity), ("service", service), ("environment", environment));
                }
            }
        }
    }

    private static Dictionary<string, string> With(Dictionary<string, string> labels, params (string Name, string Value)[] others)
    {
        var result = new Dictionary<string, string>(labels, StringComparer.Ordinal);
        foreach (var (name, value) in others)
        {
            result[name] = value;
        }
        return result;
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        var (code, output) = await PeerProcess.RunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {code}\n{output}");
        return string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("Warning:", StringComparison.Ordinal))).Trim();
    }

    [GeneratedRegex(@"job_name: '(?<job>[^']+)'\n  kubernetes_sd_configs:", RegexOptions.ExplicitCapture)]
    private static partial Regex KubernetesJob();

    [GeneratedRegex("Job (?<job>[^:]+): kubernetes_sd_configs finds no targets: .*outside a Kubernetes cluster", RegexOptions.ExplicitCapture)]
    private static partial Regex WarnedJob();

    /// <summary>The two keys of mail that Alertmanager refuses, with what is indented below them.</summary>
    [GeneratedRegex(@"^    (?:subject|body):.*\n(?:(?: {6,}.*)?\n)*", RegexOptions.Multiline)]
    private static partial Regex SubjectOrBody();
}
