namespace Pharos.Conformance.Tests.Peers;

/// <summary>The same samples by remote write into a real Prometheus and into the real executable of Pharos, then every query
/// of the seed and of the pack to both.</summary>
public sealed class SeedQueriesPeerTests
{
    private const string Prometheus = "/usr/bin/prometheus";

    [Fact]
    public async Task Every_query_of_the_seed_answers_the_same()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-seed-queries").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), "global: {}\n");
        try
        {
            var (peerAt, oursAt) = (Address(), Address());
            await using var peer = await PeerProcess.ServeAsync(Prometheus, new Uri(peerAt, "/-/ready"), Arguments(folder, "peer", peerAt));
            await using var ours = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(oursAt, "/-/ready"), ["serve", .. Arguments(folder, "ours", oursAt)]);
            using var peerClient = new HttpClient { BaseAddress = peerAt };
            using var oursClient = new HttpClient { BaseAddress = oursAt };

            var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60;
            var start = end - (FrameworkSamples.Ticks * FrameworkSamples.IntervalMs / 1000);
            foreach (var body in new FrameworkSamples(start * 1000).Pushes())
            {
                await RemoteWriteBody.PushAsync(peerClient, body);
                await RemoteWriteBody.PushAsync(oursClient, body);
            }

            var problems = new List<string>();
            foreach (var query in Queries())
            {
                problems.AddRange(await CompareAsync(peerClient, oursClient, query, start, end));
            }
            Assert.True(problems.Count == 0, string.Join('\n', problems));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The queries of the pack and, where it lies beside the checkout, of the seed.</summary>
    private static List<string> Queries()
    {
        var queries = SeedFolders.Queries(SeedFolders.Pack).Concat(SeedFolders.Seed is { } seed ? SeedFolders.Queries(seed) : [])
            .Select(query => query.Trim()).Distinct(StringComparer.Ordinal).ToList();
        Assert.InRange(queries.Count, 45, 500);
        return queries;
    }

    private static async Task<List<string>> CompareAsync(HttpClient peer, HttpClient ours, string query, long start, long end)
    {
        var escaped = Uri.EscapeDataString(query);
        List<string> paths =
        [
            $"/api/v1/query_range?query={escaped}&start={start - 120}&end={end + 420}&step=60",
            $"/api/v1/query_range?query={escaped}&start={start + 33}&end={end}&step=7",
            .. new[] { 301, 1_900, 3_725, 5_000, 7_190, 7_230 }.Select(second => $"/api/v1/query?query={escaped}&time={start + second}"),
        ];
        var problems = new List<string>();
        foreach (var path in paths)
        {
            var (wanted, actual) = (await QueryAnswer.AskAsync(peer, path), await QueryAnswer.AskAsync(ours, path));
            if (actual.Difference(wanted) is { } difference)
            {
                problems.Add($"{query} by {path[..18]}: {difference}");
            }
            if (path == paths[0] && (wanted.Error is not null || wanted.Count == 0))
            {
                problems.Add($"{query}: the peer answers nothing, so nothing is compared: give FrameworkSamples what it asks for. {wanted.Error}");
            }
        }
        return problems;
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");

    private static IEnumerable<string> Arguments(string folder, string data, Uri address) =>
    [
        $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/{data}", "--web.enable-remote-write-receiver",
        $"--web.listen-address={address.Authority}", "--log.level=error",
    ];
}
