using System.Globalization;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>A data folder that a real Prometheus wrote moves over, and what we write back it opens.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string Promtool = "/usr/bin/promtool";

    private static readonly string[] Queries =
    [
        "count by (job, code) (requests_total)", "sum(requests_total)", "sum_over_time(requests_total[10m])", "level",
        "max_over_time(level[30m])", "count_over_time({__name__=~\"requests_total|level|old_level\"}[3h])", "old_level",
        "changes(level[1h])", "up", "count(prometheus_tsdb_head_series)", "requests_total{code=\"500\"}",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-move-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_imported_whole_and_exported_again()
    {
        PeerProcess.Need(Prometheus, Promtool);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000;
        var original = await WriteAsync(now);
        var expected = await AnswersAsync(original, now);
        Assert.All(expected, static answer => Assert.True(answer.Error is null && answer.Count > 0));

        var (imported, output) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "import", original, "--data", At("pharos"));
        Assert.True(imported == 0, output);
        var dumped = await DumpAsync(PeerProcess.Pharos, original);
        Assert.Equal(dumped, await DumpAsync(PeerProcess.Pharos, At("pharos")));

        Assert.Equal(await DumpAsync(Promtool, original), dumped);

        var (exported, printed) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "export", At("pharos"), "-o", At("back"));
        Assert.True(exported == 0, printed);
        foreach (var verb in (string[])["list", "analyze"])
        {
            var (exitCode, text) = await PeerProcess.RunAsync(Promtool, "tsdb", verb, At("back"));
            Assert.True(exitCode == 0, text);
            var (ours, ourText) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", verb, At("back"));
            Assert.True(ours == 0, ourText);
            Assert.Equal(Comparable(text), Comparable(ourText));
        }

        var differences = new List<string>();
        await CompareAsync("Pharos", expected, await PharosAnswersAsync(now), differences);
        await CompareAsync("Prometheus", expected, await AnswersAsync(At("back"), now), differences);
        Assert.Empty(differences);
    }

    /// <summary>Blocks of an older time, a head with what was pushed and scraped, deletions, and a restart.</summary>
    private async Task<string> WriteAsync(long now)
    {
        var data = At("original");
        var text = new System.Text.StringBuilder("# TYPE old_level gauge\n");
        for (var at = now - (9 * 3_600_000); at < now - (6 * 3_600_000); at += 60_000)
        {
            text.Append(CultureInfo.InvariantCulture, $"old_level{{job=\"file\"}} {at % 977} {at / 1000}\n");
        }
        await File.WriteAllTextAsync(At("old.om"), text + "# EOF\n");
        var (made, output) = await PeerProcess.RunAsync(Promtool, "tsdb", "create-blocks-from", "openmetrics", At("old.om"), data);
        Assert.True(made == 0, output);
        await using (var server = await StartAsync(data, out var client))
        {
            await RemoteWriteBody.PushAsync(client, RemoteWriteBody.Create(Pushed(now)));
            using var deleted = await client.PostAsync(
                $"/api/v1/admin/tsdb/delete_series?match[]=requests_total{{code=\"404\"}}&start={(now - 3_600_000) / 1000}", null);
            Assert.True(deleted.IsSuccessStatusCode);
            using var older = await client.PostAsync(
                $"/api/v1/admin/tsdb/delete_series?match[]=old_level&end={(now - (8 * 3_600_000)) / 1000}", null);
            Assert.True(older.IsSuccessStatusCode);
            // Prometheus begins to scrape five seconds after its start.
            await Task.Delay(TimeSpan.FromSeconds(7.5));
        }
        await using (await StartAsync(data, out _))
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5));
        }
        return data;
    }

    private static IEnumerable<(LabelSet, IReadOnlyList<(long, double)>)> Pushed(long now)
    {
        var random = new Random(7);
        foreach (var code in (string[])["200", "404", "500"])
        {
            double count = 0;
            yield return (LabelSet.From(("__name__", "requests_total"), ("job", "push"), ("code", code)),
                [.. Enumerable.Range(0, 400).Select(i => (now - 6_000_000 + (i * 15_000L), count += random.Next(9)))]);
        }
        yield return (LabelSet.From(("__name__", "level"), ("job", "caf\u00e9 \U0001F600")),
            [.. Enumerable.Range(0, 400).Select(i => (now - 6_000_000 + (i * 15_000L),
                i % 50 == 49 ? StaleMarker.Value : Math.Round(random.NextDouble(), 3)))]);
    }

    private Task<PeerProcess> StartAsync(string data, out HttpClient client)
    {
        var port = PeerProcess.FreePort();
        var config = At("prometheus.yml");
        File.WriteAllText(config, $"""
            global: {"{"}scrape_interval: 1s{"}"}
            scrape_configs:
              - job_name: self
                static_configs: [{"{"}targets: ["127.0.0.1:{port}"]{"}"}]
            """);
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        return PeerProcess.ServeAsync(Prometheus, new Uri($"http://127.0.0.1:{port}/-/ready"), $"--config.file={config}",
            $"--storage.tsdb.path={data}", "--storage.tsdb.retention.time=10y", $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-remote-write-receiver", "--web.enable-admin-api", "--log.level=error");
    }

    private async Task<IReadOnlyList<QueryAnswer>> AnswersAsync(string data, long now)
    {
        var copy = At($"asked-{Path.GetFileName(data)}");
        Copy(data, copy);
        var port = PeerProcess.FreePort();
        await File.WriteAllTextAsync(At("empty.yml"), "global: {}\n");
        await using var server = await PeerProcess.ServeAsync(Prometheus, new Uri($"http://127.0.0.1:{port}/-/ready"),
            $"--config.file={At("empty.yml")}", $"--storage.tsdb.path={copy}", "--storage.tsdb.retention.time=10y",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=error");
        return await AskAsync(port, now);
    }

    private async Task<IReadOnlyList<QueryAnswer>> PharosAnswersAsync(long now)
    {
        var port = PeerProcess.FreePort();
        await using var server = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri($"http://127.0.0.1:{port}/-/ready"),
            "serve", $"--config.file={At("empty.yml")}", $"--data={At("pharos")}", "--storage.tsdb.retention.time=10y",
            $"--web.listen-address=127.0.0.1:{port}");
        return await AskAsync(port, now);
    }

    private static async Task<IReadOnlyList<QueryAnswer>> AskAsync(int port, long now)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var answers = new List<QueryAnswer>();
        foreach (var query in Queries)
        {
            // Half a second beside the samples: Prometheus 2 and 3 differ in the left edge of a window.
            var path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_range?query={Uri.EscapeDataString(query)}"
                + $"&start={(now / 1000) - (9 * 3600) + 25}.5&end={(now / 1000) + 40}.5&step=45");
            answers.Add(await QueryAnswer.AskAsync(client, path));
        }
        return answers;
    }

    private static Task CompareAsync(
        string who, IReadOnlyList<QueryAnswer> expected, IReadOnlyList<QueryAnswer> actual, List<string> differences)
    {
        for (var i = 0; i < Queries.Length; i++)
        {
            if (actual[i].Difference(expected[i]) is { } difference)
            {
                differences.Add($"{who}: {Queries[i]}: {difference}");
            }
        }
        return Task.CompletedTask;
    }

    private static async Task<string> DumpAsync(string program, string folder)
    {
        var (exitCode, output) = await PeerProcess.RunAsync(program, "tsdb", "dump", folder);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Without what two versions of promtool print differently: ties in another order, and a longer word.</summary>
    private static IEnumerable<string> Comparable(string text) => text.Replace("Total Series:", "Series:", StringComparison.Ordinal)
        .Split('\n').Where(static line => line.Contains(':', StringComparison.Ordinal) || line.Contains("  ", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}
