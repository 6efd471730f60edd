using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Hosting;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Api;

/// <summary>A real Prometheus and Pharos, with the same configuration and the same samples, are asked the same questions.</summary>
public sealed class ApiDifferentialTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const long StepMs = 15_000;

    private const string Exposition = """
        # HELP exposed_total What is exposed.
        # TYPE exposed_total counter
        exposed_total 7
        # HELP exposed_gauge Another.
        # TYPE exposed_gauge gauge
        exposed_gauge{a="b"} 1.5

        """;

    private const string RuleFile = """
        groups:
        - name: first
          interval: 1s
          rules:
          - {record: "job:gauge:sum", expr: "sum by(job)(gauge)", labels: {kind: sum}}
          - {alert: Always, expr: "vector(1) > 0", labels: {severity: page}, annotations: {summary: "x {{ $value }}"}}
        - name: second
          interval: 1s
          rules:
          - {alert: Never, expr: "vector(1) == 0", for: 5m, keep_firing_for: 1m}
        """;

    [Fact]
    public async Task Both_answer_every_question_alike_but_for_what_is_known()
    {
        PeerProcess.Need(Prometheus);
        var folder = Directory.CreateTempSubdirectory("pharos-api-peer").FullName;
        await using var target = new LoopbackListener(_ => Exposition);
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), RuleFile);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), Config(target.Authority));
        var port = PeerProcess.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        await using var peer = await PeerProcess.ServeAsync(
            Prometheus, new Uri(address, "/-/ready"), $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/theirs",
            $"--web.listen-address={address.Authority}", "--web.enable-remote-write-receiver", "--web.enable-admin-api", "--log.level=error");
        await using var server = await PharosServer.StartAsync(
            new PharosServerOptions
            {
                ConfigFile = Path.Combine(folder, "prometheus.yml"),
                DataPath = Path.Combine(folder, "ours"),
                UiFolder = Path.Combine(folder, "no-ui"),
                Listen = [new ListenAddress("127.0.0.1", 0)],
                EnableRemoteWriteReceiver = true,
                EnableAdminApi = true,
            },
            CancellationToken.None);
        using var theirs = Client(address);
        using var ours = Client(server.BaseAddress);
        try
        {
            var t = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60) - 120;
            var samples = RemoteWriteBody.Create(Samples(t));
            await RemoteWriteBody.PushAsync(theirs, samples);
            await RemoteWriteBody.PushAsync(ours, samples);
            await SettledAsync(theirs);
            await SettledAsync(ours);
            await CompareAsync(theirs, ours, new ApiQuestions(t).All());
        }
        finally
        {
            await peer.KillAsync();
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(HttpClient theirs, HttpClient ours, IEnumerable<ApiQuestion> questions)
    {
        var asked = 0;
        var unknown = new List<string>();
        var met = new HashSet<string>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            asked++;
            var expected = await ApiAnswer.AskAsync(theirs, question);
            var actual = await ApiAnswer.AskAsync(ours, question);
            if (expected == actual)
            {
                continue;
            }
            if (KnownApiDifferences.Find(question, expected, actual) is { } known)
            {
                met.Add(known);
                continue;
            }
            unknown.Add($"{question}\n  Prometheus: {expected}\n  Pharos:     {actual}");
        }
        Assert.True(unknown.Count == 0, $"{unknown.Count} of {asked} answers differ:\n{string.Join('\n', unknown)}");
        Assert.True(asked > 500, $"only {asked} questions were asked");
        // What no longer differs is to be taken off the list.
        Assert.Empty(KnownApiDifferences.Names.Except(met));
    }

    private static string Config(string target) => $$"""
        global:
          scrape_interval: 1s
          evaluation_interval: 1s
          external_labels: {zone: eu, cluster: a}
        rule_files: [rules.yml]
        scrape_configs:
        - job_name: one
          static_configs: [{targets: ['{{target}}']}]
        - job_name: two
          static_configs: [{targets: ['{{target}}', '127.0.0.1:1'], labels: {team: blue} }]
          relabel_configs:
          - {source_labels: [__address__], regex: '127.0.0.1:1', action: drop}
        """;

    private static HttpClient Client(Uri address) => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Samples a millisecond after the step, so that none lies on the edge of a range, which newer versions open.</summary>
    private static IEnumerable<(LabelSet, IReadOnlyList<(long, double)>)> Samples(long t)
    {
        (long, double)[] Series(Func<int, double> value) =>
            [.. Enumerable.Range(-20, 29).Select(i => ((t * 1000) + (i * StepMs) + 1, value(i)))];
        LabelSet Labels(string name, params (string, string)[] labels) => LabelSet.From([("__name__", name), .. labels]);
        yield return (Labels("up", ("job", "one")), Series(_ => 1));
        yield return (Labels("up", ("job", "two")), Series(_ => 0));
        yield return (Labels("gauge", ("job", "one")), Series(i => 10 + (i % 3)));
        yield return (Labels("gauge", ("job", "two"), ("a", "x")), Series(i => i * 0.5));
        yield return (Labels("gauge_one", ("job", "one")), Series(_ => 4));
        yield return (Labels("counter_total", ("job", "one")), Series(i => 1000 + (i * 7)));
        yield return (Labels("counter_total", ("job", "two")), Series(i => i < 0 ? 500 + i : i * 3));
        foreach (var (bound, share) in new[] { ("0.1", 1d), ("1", 3), ("+Inf", 4) })
        {
            yield return (Labels("hist_bucket", ("le", bound), ("job", "one")), Series(i => share * (100 + i)));
        }
        yield return (Labels("fed_gauge", ("zone", "own"), ("b", "1")), Series(i => i * 1e9));
        yield return (Labels("fed_gauge", ("instance", "i"), ("b", "2")), Series(_ => double.PositiveInfinity));
        yield return (Labels("fed_labels"), Series(_ => 0.000001));
        yield return (Labels("fed_special", ("text", "line\nquote\"back\\slash é")), Series(_ => double.NaN));
    }

    /// <summary>Waits until every target has been scraped and every rule evaluated.</summary>
    private static async Task SettledAsync(HttpClient client)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var (path, wanted, count) in new[]
        {
            ("targets?state=active", "\"health\":\"up\"", 2), ("rules", "\"health\":\"ok\"", 3), ("label/__name__/values", "ALERTS_FOR_STATE", 1),
            ("metadata", "exposed_gauge", 1), ("label/__name__/values", "job:gauge:sum", 1),
        })
        {
            while ((await client.GetStringAsync("/api/v1/" + path, deadline.Token)).Split(wanted).Length - 1 < count)
            {
                await Task.Delay(100, deadline.Token);
            }
        }
    }
}
