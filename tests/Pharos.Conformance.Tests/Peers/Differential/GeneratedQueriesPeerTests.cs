using System.Diagnostics;
using System.Globalization;
using Pharos.Server.Hosting;

namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>The same samples by remote write into a real Prometheus and into a Pharos in this process, then thousands of
/// generated queries to both.</summary>
/// <remarks>The seed and the number of queries can be set by environment variables; both are printed, so that any run can be had again.</remarks>
public sealed class GeneratedQueriesPeerTests(ITestOutputHelper output)
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string SeedVariable = "PHAROS_DIFFERENTIAL_SEED";
    private const string CountVariable = "PHAROS_DIFFERENTIAL_QUERIES";
    private const int DefaultSeed = 1;
    private const int DefaultCount = 3_000;
    private const int MaxProblemsShown = 40;

    /// <summary>Bounds a run whose number of queries was not chosen by hand.</summary>
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(50);

    private readonly Dictionary<string, int> _explained = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private int _refused;
    private int _empty;
    private int _points;

    [Fact]
    public async Task Generated_queries_answer_as_a_real_Prometheus_does()
    {
        PeerProcess.Need(Prometheus);
        var seed = Setting(SeedVariable) ?? DefaultSeed;
        var folder = Directory.CreateTempSubdirectory("pharos-generated-queries").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), "global: {}\n");
        try
        {
            var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
            await using var peer = await PeerProcess.ServeAsync(Prometheus, new Uri(address, "/-/ready"), $"--config.file={folder}/prometheus.yml",
                $"--storage.tsdb.path={folder}/peer", "--storage.tsdb.retention.time=100y", "--web.enable-remote-write-receiver", "--enable-feature=native-histograms",
                $"--web.listen-address={address.Authority}", "--log.level=error");
            await using var ours = await PharosServer.StartAsync(new PharosServerOptions
            {
                Listen = [new ListenAddress("127.0.0.1", 0)], UiFolder = folder, EnableRemoteWriteReceiver = true, DataPath = Path.Combine(folder, "ours"),
                RetentionTime = TimeSpan.FromDays(36_500),
            }, CancellationToken.None);
            using var peerClient = new HttpClient { BaseAddress = address };
            using var oursClient = new HttpClient { BaseAddress = ours.BaseAddress };
            foreach (var body in new GeneratedSamples().Pushes())
            {
                await RemoteWriteBody.PushAsync(peerClient, body);
                await RemoteWriteBody.PushAsync(oursClient, body);
            }
            var asked = await AskAsync(new QueryGenerator(seed), peerClient, oursClient);
            await ReportAsync(seed, asked);
            Assert.True(_problems.Count == 0, $"seed {seed}, {asked} queries, {_problems.Count} differences:\n" +
                string.Join('\n', _problems.Take(MaxProblemsShown)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> AskAsync(QueryGenerator generator, HttpClient peerClient, HttpClient oursClient)
    {
        var count = Setting(CountVariable);
        var clock = Stopwatch.StartNew();
        var asked = 0;
        while (asked < (count ?? DefaultCount) && (count is not null || clock.Elapsed < DefaultTime))
        {
            var query = generator.Next();
            var peer = QueryAnswer.AskAsync(peerClient, query.PathFor(VersionDifference.ForPeer(query.Text)));
            var ours = QueryAnswer.AskAsync(oursClient, query.PathFor(query.Text));
            Compare(query, await peer, await ours);
            asked++;
        }
        return asked;
    }

    private void Compare(GeneratedQuery query, QueryAnswer peer, QueryAnswer ours)
    {
        _refused += peer.Error is null ? 0 : 1;
        _empty += peer.Error is null && peer.Count == 0 ? 1 : 0;
        _points += peer.Count;
        if (peer.Error is not null && ours.Error is not null)
        {
            return;
        }
        if (ours.Difference(peer) is not { } difference)
        {
            return;
        }
        var known = VersionDifference.All.FirstOrDefault(one => one.Explains?.Invoke(query, peer, ours) == true);
        if (known is null)
        {
            _problems.Add($"{query}\n    {difference}");
        }
        else
        {
            _explained[known.Name] = _explained.GetValueOrDefault(known.Name) + 1;
        }
    }

    /// <summary>Into the test's output, and where <c>./test</c> prints it.</summary>
    private async Task ReportAsync(int seed, int asked)
    {
        List<string> lines =
        [
            $"differential: {SeedVariable}={seed} {CountVariable}={asked}: {_problems.Count} differences; {_refused} refused by both, " +
                $"{_empty} without a result, {_points} points compared",
            .. VersionDifference.All.Select(one => one.Explains is null ? $"differential: kept away from: {one.Name}: {one.Reason}"
                : $"differential: {_explained.GetValueOrDefault(one.Name)} queries differ by: {one.Name}: {one.Reason}"),
        ];
        lines.ForEach(output.WriteLine);
        var artifacts = Path.Combine(Checkout.Root, "artifacts");
        Directory.CreateDirectory(artifacts);
        await File.WriteAllLinesAsync(Path.Combine(artifacts, "differential-summary.txt"), lines);
    }

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
