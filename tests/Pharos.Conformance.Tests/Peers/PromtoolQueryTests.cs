using System.Globalization;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>The verbs that ask a server, against one of ours: the real promtool and our program print the same.</summary>
/// <remarks>Promtool 2.42 cannot print strings and native histograms.</remarks>
public sealed class PromtoolQueryTests : IDisposable
{
    private const string Promtool = "/usr/bin/promtool";

    private static readonly string[][] Questions =
    [
        ["instant", "@", "up_there", "--time=T"], ["instant", "@", "sum(up_there) by (job)", "--time=T"], ["instant", "@", "1 + 1", "--time=T"],
        ["instant", "@", "up_there[1m]", "--time=T"], ["instant", "@", "nope", "--time=T"], ["instant", "@", "sum(", "--time=T"],
        ["instant", "@", "up_there", "--time=yesterday"], ["instant", "-o", "json", "@", "up_there", "--time=T"],
        ["range", "@", "up_there * 1e9 / 7", "--start=S", "--end=T", "--step=10s"], ["range", "@", "up_there", "--start=S", "--end=T"],
        ["range", "@", "up_there", "--start=T", "--end=S"], ["range", "@", "vector(1)", "--start=S", "--end=T", "--step=500ms"],
        ["series", "@", "--match=up_there"], ["series", "@", "--match={job=~\".+\"}", "--match=x", "--start=S", "--end=T"], ["series", "@", "--match={"],
        ["labels", "@", "job"], ["labels", "@", "job", "--match=up_there", "--start=S", "--end=T"], ["labels", "-o", "json", "@", "job"],
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-query-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Both_print_the_same()
    {
        PeerProcess.Need(Promtool);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var port = PeerProcess.FreePort();
        var address = $"http://127.0.0.1:{port}";
        await File.WriteAllTextAsync(Path.Combine(_folder, "prometheus.yml"), "global: {}\n", TestContext.Current.CancellationToken);
        await using var server = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri($"{address}/-/ready"), "serve",
            $"--config.file={_folder}/prometheus.yml", $"--data={_folder}/data", $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-remote-write-receiver");
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await RemoteWriteBody.PushAsync(client, RemoteWriteBody.Create(
        [
            (LabelSet.From(("__name__", "up_there"), ("job", "a"), ("path", "C:\\x \"q\"")), [(now * 1000, 1.25), ((now + 15) * 1000, 3e10)]),
            (LabelSet.From(("__name__", "up_there"), ("job", "b")), [(now * 1000, double.NaN), ((now + 15) * 1000, double.NegativeInfinity)]),
        ]));

        var differences = new List<string>();
        foreach (var question in Questions)
        {
            string[] words = ["query", .. question.Select(word => word.Replace("@", address, StringComparison.Ordinal)
                .Replace("=T", string.Create(CultureInfo.InvariantCulture, $"={now + 20}"), StringComparison.Ordinal)
                .Replace("=S", string.Create(CultureInfo.InvariantCulture, $"={now - 60}"), StringComparison.Ordinal))];
            var expected = await PeerProcess.RunWithInputAsync(Promtool, "", words);
            var actual = await PeerProcess.RunWithInputAsync(PeerProcess.Pharos, "", words);
            if (actual != expected)
            {
                differences.Add($"{string.Join(' ', words)}\n  promtool: {expected}\n  pharos: {actual}");
            }
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));

        var (healthy, _, said) = await PeerProcess.RunWithInputAsync(PeerProcess.Pharos, "", "check", "healthy", $"--url={address}");
        Assert.Equal(0, healthy);
        Assert.Matches("^  SUCCESS:  .* is Healthy[.]\n\n$", said);
        var (pushed, output, errors) = await PeerProcess.RunWithInputAsync(PeerProcess.Pharos,
            "# TYPE pushed_seconds histogram\npushed_seconds_bucket{le=\"+Inf\"} 2\npushed_seconds_sum 3\npushed_seconds_count 2\n",
            "push", "metrics", $"{address}/api/v1/write", "--label=job=hand");
        Assert.True(pushed == 0, output + errors);
        var (_, counted, _) = await PeerProcess.RunWithInputAsync(
            PeerProcess.Pharos, "", "query", "instant", address, "sum({__name__=~\"pushed_.*\",job=\"hand\"}) > 0");
        Assert.StartsWith("{} => 7 @[", counted, StringComparison.Ordinal);
    }
}
