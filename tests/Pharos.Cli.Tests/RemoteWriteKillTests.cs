using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Pharos.Cli.Tests;

/// <summary>SIGKILL, again and again, while several senders write: every sample that was acknowledged is there, whole requests
/// only, and nothing else.</summary>
public sealed class RemoteWriteKillTests : IDisposable
{
    /// <summary>How often; <c>PHAROS_KILL_ROUNDS=100</c> is what a release is measured by.</summary>
    private const string RoundsVariable = "PHAROS_KILL_ROUNDS";
    private const int DefaultRounds = 5;
    private const int Senders = 4;
    private const int SeriesEach = 30;
    private const int SamplesEach = 4;
    private const long StepMs = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-write-kill-").FullName;

    /// <summary>Requests so far of each sender, and which of them were acknowledged or not, or found whole after a kill.</summary>
    private readonly List<Fate>[] _sent = [.. Enumerable.Range(0, Senders).Select(_ => new List<Fate>())];

    private enum Fate
    {
        Acknowledged,
        Open,
        Lost,
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_invented()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable(RoundsVariable) ?? $"{DefaultRounds}", CultureInfo.InvariantCulture);
        var random = new Random(4_711);
        var config = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "");
        for (var round = 0; round <= rounds; round++)
        {
            using var pharos = PharosProcess.Start("serve", $"--config.file={config}", "--data", Path.Combine(_folder, "data"),
                "--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver");
            await pharos.ReadyAsync();
            for (var sender = 0; sender < Senders; sender++)
            {
                await CheckAsync(pharos, sender);
            }
            if (round == rounds)
            {
                break;
            }
            var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(pharos.Http, sender))).ToArray();
            var wanted = Acknowledged() + random.Next(20, 200);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (Acknowledged() < wanted)
            {
                await Task.Delay(random.Next(1, 10), deadline.Token);
            }
            pharos.Signal("KILL");
            await pharos.ExitAsync();
            await Task.WhenAll(senders);
            Assert.DoesNotContain("level=ERROR", pharos.Output, StringComparison.Ordinal);
        }
        Assert.True(Acknowledged() >= rounds * 20);
    }

    private static (string, string)[] Labels(int sender, int series) => [("__name__", "load"), ("sender", $"{sender}"), ("series", $"{series}")];

    /// <summary>No two samples of a series are alike.</summary>
    private static double ValueOf(int sender, int series, long timestampMs) => (timestampMs / StepMs) + (sender * 1e9) + (series / 64.0);

    private static IEnumerable<long> TimesOf(int request) =>
        Enumerable.Range(0, SamplesEach).Select(i => ((request * SamplesEach) + i + 1) * StepMs);

    private int Acknowledged()
    {
        var count = 0;
        foreach (var requests in _sent)
        {
            lock (requests)
            {
                count += requests.Count(static fate => fate == Fate.Acknowledged);
            }
        }
        return count;
    }

    private async Task SendAsync(HttpClient http, int sender)
    {
        var requests = _sent[sender];
        while (true)
        {
            int number;
            lock (requests)
            {
                number = requests.Count;
                requests.Add(Fate.Open);
            }
            using var content = new ByteArrayContent(RemoteWriteRequest.Of(Enumerable.Range(0, SeriesEach).Select(series =>
                (Labels(sender, series), TimesOf(number).Select(time => (time, ValueOf(sender, series, time))).ToArray()))));
            content.Headers.ContentEncoding.Add("snappy");
            content.Headers.ContentType = new("application/x-protobuf");
            try
            {
                using var answer = await http.PostAsync("api/v1/write", content);
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            }
            catch (HttpRequestException)
            {
                // Killed while it was under way: it may be there, as a whole.
                return;
            }
            lock (requests)
            {
                requests[number] = Fate.Acknowledged;
            }
        }
    }

    private async Task CheckAsync(PharosProcess pharos, int sender)
    {
        var requests = _sent[sender];
        if (requests.Count == 0)
        {
            return;
        }
        var endSeconds = (requests.Count * SamplesEach * StepMs / 1000) + 1;
        var query = Uri.EscapeDataString($"load{{sender=\"{sender}\"}}[{endSeconds + 1}s]");
        var answer = await pharos.JsonAsync($"api/v1/query?query={query}&time={endSeconds}");
        var there = new Dictionary<(int Series, long TimeMs), double>();
        foreach (var one in answer.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var series = int.Parse(one.GetProperty("metric").GetProperty("series").GetString()!, CultureInfo.InvariantCulture);
            foreach (var point in one.GetProperty("values").EnumerateArray())
            {
                there.Add((series, (long)Math.Round(point[0].GetDouble() * 1000)), Number(point[1]));
            }
        }
        for (var request = 0; request < requests.Count; request++)
        {
            var found = Enumerable.Range(0, SeriesEach).Sum(series => TimesOf(request)
                .Count(time => there.Remove((series, time), out var value) && value == ValueOf(sender, series, time)));
            if (requests[request] == Fate.Open)
            {
                requests[request] = found == 0 ? Fate.Lost : Fate.Acknowledged;
            }
            Assert.Equal(requests[request] == Fate.Lost ? 0 : SeriesEach * SamplesEach, found);
        }
        Assert.Empty(there);
    }

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
