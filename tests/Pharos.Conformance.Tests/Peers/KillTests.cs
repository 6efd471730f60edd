using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>The real executable under a scrape and remote-write load, ended by SIGKILL at random moments, ten times over.</summary>
/// <remarks>Acknowledged is what the API has shown before the kill, and every remote write that was answered with success.</remarks>
public sealed class KillTests
{
    private const int Kills = 10;
    private const int SeriesPerTarget = 40;
    private const string Series = "{__name__=~\"load_total|pushed_total\"}";

    private readonly ConcurrentDictionary<(string Series, long TimeMs), string> _acknowledged = new();
    private readonly Random _random = new(11);
    private long _scrapes;
    private long _pushes;

    [Fact]
    public async Task Nothing_acknowledged_is_missing_after_ten_kills()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-kills").FullName;
        await using var target = new LoopbackListener(_ => Expose());
        var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global: {scrape_interval: 100ms, scrape_timeout: 100ms}
            scrape_configs:
            - job_name: load
              static_configs:
              - targets: ['{{target.Authority}}']
              - targets: ['{{target.Authority}}']
                labels: {copy: "1"}
              - targets: ['{{target.Authority}}']
                labels: {copy: "2"}
            """);
        try
        {
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
            for (var kill = 0; kill < Kills; kill++)
            {
                await using var server = await StartAsync(folder, address);
                await NothingIsMissingAsync(client, kill);
                await LoadAsync(client, server);
            }
            await using var last = await StartAsync(folder, address);
            await NothingIsMissingAsync(client, Kills);
            Assert.InRange(_acknowledged.Count, 2_000, int.MaxValue);
            TestContext.Current.SendDiagnosticMessage($"{_acknowledged.Count} acknowledged samples, {_pushes} pushes, {_scrapes} scrapes");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<PeerProcess> StartAsync(string folder, Uri address)
    {
        var server = await PeerProcess.ServeAsync(
            PeerProcess.Pharos, new Uri(address, "/-/ready"), "serve", folder, $"--data={folder}/data",
            $"--web.listen-address={address.Authority}", "--web.enable-remote-write-receiver");
        var complaints = server.Lines.Where(line => line.Contains("level=ERROR", StringComparison.Ordinal)
            || (line.Contains("level=WARN", StringComparison.Ordinal) && line.Contains("component=storage", StringComparison.Ordinal))).ToList();
        if (complaints.Count > 0)
        {
            await server.DisposeAsync();
            Assert.Fail($"The start was not clean:\n{string.Join('\n', complaints)}");
        }
        return server;
    }

    /// <summary>Pushes and asks while the targets are scraped, until the kill, which interrupts whatever is under way.</summary>
    private async Task LoadAsync(HttpClient client, PeerProcess server)
    {
        using var stop = new CancellationTokenSource();
        var asking = AskAsync(client, stop.Token);
        var pushing = PushAsync(client, stop.Token);
        await Task.Delay(400 + _random.Next(900), CancellationToken.None);
        await server.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(asking, pushing);
    }

    private async Task AskAsync(HttpClient client, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                foreach (var sample in await SamplesAsync(client, "10s"))
                {
                    _acknowledged.TryAdd(sample.Key, sample.Value);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return;
            }
        }
    }

    private async Task PushAsync(HttpClient client, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var (push, timeMs) = (++_pushes, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            var body = RemoteWriteBody.Create(Enumerable.Range(0, 5).Select(i => (
                LabelSet.From((Label.MetricName, "pushed_total"), ("series", $"{i}")),
                (IReadOnlyList<(long, double)>)[(timeMs, push)])));
            try
            {
                await RemoteWriteBody.PushAsync(client, body);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return;
            }
            for (var i = 0; i < 5; i++)
            {
                _acknowledged.TryAdd(($"pushed_total,{i}", timeMs), push.ToString(CultureInfo.InvariantCulture));
            }
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private async Task NothingIsMissingAsync(HttpClient client, int kills)
    {
        var there = await SamplesAsync(client, "10m");
        var missing = _acknowledged.Where(sample => there.GetValueOrDefault(sample.Key) != sample.Value).Take(5).ToList();
        Assert.True(missing.Count == 0, $"after {kills} kills, of {_acknowledged.Count} acknowledged samples: {string.Join("; ", missing)}");
    }

    private static async Task<Dictionary<(string Series, long TimeMs), string>> SamplesAsync(HttpClient client, string window)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString($"{Series}[{window}]")}"));
        var samples = new Dictionary<(string, long), string>();
        foreach (var series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var labels = series.GetProperty("metric");
            var name = string.Join(',', labels.EnumerateObject().Where(label => label.Name is "__name__" or "series" or "copy").Select(label => label.Value.GetString()));
            foreach (var pair in series.GetProperty("values").EnumerateArray())
            {
                samples[(name, (long)Math.Round(pair[0].GetDouble() * 1000))] = pair[1].GetString()!;
            }
        }
        return samples;
    }

    private string Expose()
    {
        var scrape = Interlocked.Increment(ref _scrapes);
        var text = new StringBuilder("# TYPE load_total counter\n");
        for (var i = 0; i < SeriesPerTarget; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"load_total{{series=\"{i}\"}} {scrape + i}\n");
        }
        return text.ToString();
    }
}
