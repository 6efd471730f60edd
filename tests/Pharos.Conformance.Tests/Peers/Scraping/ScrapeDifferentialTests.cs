using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pharos.Server.Hosting;

namespace Pharos.Conformance.Tests.Peers.Scraping;

/// <summary>A real Prometheus and Pharos scrape the same bodies and then tell the same: health, kind of error, series with values,
/// timestamps, metadata and exemplars.</summary>
public sealed partial class ScrapeDifferentialTests
{
    private const string Prometheus = "/usr/bin/prometheus";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Both_make_the_same_of_every_body_but_for_what_is_known()
    {
        PeerProcess.Need(Prometheus);
        var folder = Directory.CreateTempSubdirectory("pharos-scrape-peer").FullName;
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var bodies = ScrapedBodies.All(nowMs);
        await using var target = new LoopbackListener(path =>
        {
            var body = bodies[int.Parse(path[2..], CultureInfo.InvariantCulture)];
            return (body.ContentType, body.Bytes);
        });
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), Config(target.Authority, bodies));
        var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        await using var peer = await PeerProcess.ServeAsync(
            Prometheus, new Uri(address, "/-/ready"), $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/theirs",
            $"--web.listen-address={address.Authority}", "--enable-feature=exemplar-storage", "--log.level=error");
        await using var server = await PharosServer.StartAsync(
            new PharosServerOptions
            {
                ConfigFile = Path.Combine(folder, "prometheus.yml"),
                DataPath = Path.Combine(folder, "ours"),
                UiFolder = Path.Combine(folder, "no-ui"),
                Listen = [new ListenAddress("127.0.0.1", 0)],
            },
            CancellationToken.None);
        using var theirs = new HttpClient { BaseAddress = address };
        using var ours = new HttpClient { BaseAddress = server.BaseAddress };
        try
        {
            await ScrapedAsync(theirs, bodies.Count);
            await ScrapedAsync(ours, bodies.Count);
            Compare(bodies, await TellAsync(theirs, bodies.Count, nowMs), await TellAsync(ours, bodies.Count, nowMs));
        }
        finally
        {
            await peer.KillAsync();
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(IReadOnlyList<ScrapedBody> bodies, List<string>[] theirs, List<string>[] ours)
    {
        var problems = new List<string>();
        for (var i = 0; i < bodies.Count; i++)
        {
            var differ = !theirs[i].SequenceEqual(ours[i]);
            if (differ && bodies[i].Newer is null)
            {
                problems.Add($"{bodies[i]}\n  Prometheus: {string.Join(" | ", theirs[i].Except(ours[i]))}\n"
                    + $"  Pharos:     {string.Join(" | ", ours[i].Except(theirs[i]))}");
            }
            if (!differ && bodies[i].Newer is { } reason)
            {
                problems.Add($"{bodies[i]}\n  is alike, though {reason}");
            }
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static string Config(string authority, IReadOnlyList<ScrapedBody> bodies)
    {
        var config = new StringBuilder("global: {scrape_interval: 2s, scrape_timeout: 2s}\nscrape_configs:\n");
        for (var i = 0; i < bodies.Count; i++)
        {
            config.Append(CultureInfo.InvariantCulture, $"- job_name: '{i}'\n  metrics_path: /b{i}\n")
                .Append(CultureInfo.InvariantCulture, $"  static_configs: [{{targets: ['{authority}'], labels: {{instance: i}}}}]\n")
                .Append(string.Concat(bodies[i].Options.Select(option => $"  {option}\n")));
        }
        return config.ToString();
    }

    /// <summary>Waits until every target has been scraped a second time after its first scrape was seen.</summary>
    private static async Task ScrapedAsync(HttpClient server, int count)
    {
        var until = TimeProvider.System.GetUtcNow() + Limit;
        Dictionary<string, string>? first = null;
        while (true)
        {
            var last = (await DataAsync(server, "/api/v1/targets")).GetProperty("activeTargets").EnumerateArray()
                .Where(target => target.GetProperty("health").GetString() != "unknown")
                .ToDictionary(target => target.GetProperty("scrapePool").GetString()!, target => target.GetProperty("lastScrape").GetString()!);
            if (last.Count == count)
            {
                first ??= last;
                if (last.All(target => first[target.Key] != target.Value))
                {
                    return;
                }
            }
            Assert.True(TimeProvider.System.GetUtcNow() < until, $"{last.Count} of {count} targets were scraped");
            await Task.Delay(100);
        }
    }

    /// <summary>What a server says of each body, sorted.</summary>
    /// <param name="startMs">Samples before it have a time of their own, those after it a scrape's, which is another on each side.</param>
    private static async Task<List<string>[]> TellAsync(HttpClient server, int count, long startMs)
    {
        var told = Enumerable.Range(0, count).Select(_ => new List<string>()).ToArray();
        foreach (var target in (await DataAsync(server, "/api/v1/targets")).GetProperty("activeTargets").EnumerateArray())
        {
            told[Job(target.GetProperty("labels"))].Add($"{target.GetProperty("health")}: {KindOf(target.GetProperty("lastError").GetString()!)}");
        }
        foreach (var series in (await DataAsync(server, "/api/v1/query?query={job!=''}")).GetProperty("result").EnumerateArray())
        {
            if (series.GetProperty("metric").GetProperty("__name__").GetString() is not ("scrape_duration_seconds" or "scrape_series_added"))
            {
                told[Job(series.GetProperty("metric"))].Add($"{series.GetProperty("metric")} {series.GetProperty("value")[1]}");
            }
        }
        foreach (var series in (await DataAsync(server, "/api/v1/query?query=stamped[5m]")).GetProperty("result").EnumerateArray())
        {
            told[Job(series.GetProperty("metric"))].AddRange(
                series.GetProperty("values").EnumerateArray().Where(sample => sample[0].GetDouble() * 1000 < startMs).Select(sample => $"stamped {sample}"));
        }
        foreach (var metadata in (await DataAsync(server, "/api/v1/targets/metadata")).EnumerateArray())
        {
            told[Job(metadata.GetProperty("target"))].Add(
                string.Join(' ', new[] { "metric", "type", "help", "unit" }.Select(key => metadata.GetProperty(key))));
        }
        foreach (var series in (await DataAsync(server, "/api/v1/query_exemplars?query={job!=''}&start=0&end=4102444800")).EnumerateArray())
        {
            told[Job(series.GetProperty("seriesLabels"))].AddRange(series.GetProperty("exemplars").EnumerateArray()
                .Select(exemplar => $"{series.GetProperty("seriesLabels")} # {exemplar.GetProperty("labels")} {exemplar.GetProperty("value")}").Distinct());
        }
        foreach (var lines in told)
        {
            lines.Sort(StringComparer.Ordinal);
        }
        return told;
    }

    /// <summary>Prometheus 2.42 says in fewer words what was expected; the token that was met is the same.</summary>
    private static string KindOf(string error)
    {
        error = Parsed().Replace(error, "");
        error = Got().Replace(error, "got \"${token}\"");
        error = NoStart().Replace(error, "expected a valid start token, got \"INVALID\"");
        return Quoted().Replace(error, "${kind}");
    }

    private static int Job(JsonElement labels) => int.Parse(labels.GetProperty("job").GetString()!, CultureInfo.InvariantCulture);

    private static async Task<JsonElement> DataAsync(HttpClient server, string path)
    {
        using var answer = JsonDocument.Parse(await server.GetStringAsync(path));
        return answer.RootElement.GetProperty("data").Clone();
    }

    [GeneratedRegex(" while parsing: .*$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parsed();

    [GeneratedRegex("""got ".*" \("(?<token>[A-Z]+)"\)$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Got();

    [GeneratedRegex("""^"INVALID" (".*" )?is not a valid start token$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoStart();

    [GeneratedRegex(
        """^(?<kind>invalid UTF-8 label value|help text|unit|invalid timestamp|expected comma).*$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
