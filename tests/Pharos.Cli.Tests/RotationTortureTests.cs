using System.Globalization;
using System.Text.Json;

namespace Pharos.Cli.Tests;

/// <summary>Twenty writers rotate their files in every way there is while the program that ships them is killed again and again: each line
/// is stored exactly once.</summary>
public sealed class RotationTortureTests : IDisposable
{
    /// <summary>Seconds; <c>PHAROS_TORTURE_SECONDS=600</c> is what a release is measured by.</summary>
    private const string SecondsVariable = "PHAROS_TORTURE_SECONDS";
    private const int DefaultSeconds = 20;
    private const int Writers = 20;

    /// <summary>Windows in which entries are fetched first.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Of one answer: Loki's own limit.</summary>
    private const int MaxLines = 5000;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-torture-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_line_is_stored_exactly_once()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? $"{DefaultSeconds}", CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var begin = TimeProvider.System.GetUtcNow();
        var logs = Directory.CreateDirectory(Path.Combine(_folder, "logs")).FullName;
        var shipped = new ShippedCounts();
        var writers = Enumerable.Range(0, Writers).Select(i => new TortureWriter(logs, i, new Random(seed + i), shipped)).ToList();
        var pharos = await StartAsync(logs);
        try
        {
            foreach (var writer in writers)
            {
                writer.Write();
            }
            await WaitUntilAllAsync(pharos, writers, shipped, TimeSpan.FromSeconds(30));
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            var writing = writers.Select(writer => Task.Run(() => writer.RunAsync(stop.Token))).ToArray();
            var kills = new List<string>();
            while (!stop.IsCancellationRequested)
            {
                var until = TimeProvider.System.GetUtcNow().AddSeconds(random.Next(2, 6));
                while (TimeProvider.System.GetUtcNow() < until && !stop.IsCancellationRequested)
                {
                    shipped.Set(await CountsAsync(pharos));
                    await Task.Delay(200);
                }
                pharos.Signal("KILL");
                await pharos.ExitAsync();
                Assert.DoesNotContain("level=ERROR", pharos.Output, StringComparison.Ordinal);
                pharos.Dispose();
                kills.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff}");
                await Task.Delay(random.Next(0, 500));
                pharos = await StartAsync(logs);
            }
            await Task.WhenAll(writing);
            await WaitUntilAllAsync(pharos, writers, shipped, TimeSpan.FromSeconds(60));
            // What would be repeated has a moment to show.
            await Task.Delay(3000);
            foreach (var writer in writers)
            {
                await CheckAsync(pharos, writer, begin, $"seed {seed}, kills at {string.Join(' ', kills)}");
            }
            TestContext.Current.SendDiagnosticMessage("{0} lines, {1} kills, {2} rotations",
                writers.Sum(writer => writer.Lines), kills.Count, writers.Sum(writer => writer.Rotations));
        }
        finally
        {
            pharos.Dispose();
        }
    }

    private async Task<PharosProcess> StartAsync(string logs)
    {
        var config = Path.Combine(_folder, "promtail.yml");
        await File.WriteAllTextAsync(config, $"""
            positions:
              filename: {_folder}/positions.yaml
            clients:
            - url: http://loki:3100/loki/api/v1/push
            scrape_configs:
            - job_name: torture
              static_configs:
              - targets: [localhost]
                labels:
                  job: torture
                  __path__: {logs}/*.log
            """);
        var prometheus = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(prometheus, "");
        var pharos = PharosProcess.Start("serve", $"--config.file={prometheus}", $"--promtail.config.file={config}",
            "--data", Path.Combine(_folder, "data"), "--web.listen-address=127.0.0.1:0");
        await pharos.ReadyAsync();
        return pharos;
    }

    private static async Task WaitUntilAllAsync(PharosProcess pharos, List<TortureWriter> writers, ShippedCounts shipped, TimeSpan limit)
    {
        var until = TimeProvider.System.GetUtcNow() + limit;
        while (true)
        {
            shipped.Set(await CountsAsync(pharos));
            if (writers.TrueForAll(writer => shipped.Of(writer.Path) >= writer.Lines) || TimeProvider.System.GetUtcNow() > until)
            {
                return;
            }
            await Task.Delay(200);
        }
    }

    private static async Task<Dictionary<string, int>> CountsAsync(PharosProcess pharos)
    {
        var query = Uri.EscapeDataString("sum by (filename) (count_over_time({job=\"torture\"}[2h]))");
        var answer = await pharos.JsonAsync($"loki/api/v1/query?query={query}");
        return answer.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            one => one.GetProperty("metric").GetProperty("filename").GetString()!,
            one => int.Parse(one.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
    }

    private static async Task CheckAsync(PharosProcess pharos, TortureWriter writer, DateTimeOffset begin, string story)
    {
        var found = new Dictionary<int, List<string>>();
        var end = TimeProvider.System.GetUtcNow().AddSeconds(5);
        for (var start = begin.AddSeconds(-5); start < end; start += Window)
        {
            foreach (var (timeNs, line) in await LinesAsync(pharos, writer, Ns(start), Ns(start + Window)))
            {
                var number = writer.NumberOf(line);
                Assert.True(number >= 0, $"nobody wrote {line}; {story}");
                if (!found.TryGetValue(number, out var times))
                {
                    found.Add(number, times = []);
                }
                times.Add(timeNs);
            }
        }
        var missing = Enumerable.Range(0, writer.Lines).Where(number => !found.ContainsKey(number)).ToList();
        var repeated = found.Where(line => line.Value.Count > 1).Select(line => line.Key).Order().ToList();
        if (missing.Count + repeated.Count > 0)
        {
            int[] wrong = [.. missing, .. repeated];
            Assert.Fail($"of {writer.Lines} lines of {writer.Path} missing {List(missing)}, repeated {List(repeated)}, to line {wrong.Max()}; the first repeated "
                + $"at {string.Join(" and ", repeated.Take(1).SelectMany(line => found[line]))}, the last at "
                + $"{string.Join(" and ", repeated.TakeLast(1).SelectMany(line => found[line]))}; {writer.History(wrong.Min(), wrong.Max())}; {story}");
        }
    }

    /// <summary>What is stored of a writer in [start, end): asked for in halves where there is more than one answer holds.</summary>
    private static async Task<List<(string TimeNs, string Text)>> LinesAsync(PharosProcess pharos, TortureWriter writer, long startNs, long endNs)
    {
        var query = Uri.EscapeDataString($"{{filename=\"{writer.Path}\"}}");
        var answer = await pharos.JsonAsync(string.Create(
            CultureInfo.InvariantCulture, $"loki/api/v1/query_range?query={query}&limit={MaxLines}&start={startNs}&end={endNs}"));
        var lines = answer.GetProperty("data").GetProperty("result").EnumerateArray()
            .SelectMany(stream => stream.GetProperty("values").EnumerateArray()).Select(value => (TimeNs: value[0].GetString()!, Text: value[1].GetString()!))
            .ToList();
        if (lines.Count < MaxLines)
        {
            return lines;
        }
        var middleNs = startNs + ((endNs - startNs) / 2);
        Assert.True(middleNs > startNs, "more lines at one moment than an answer holds");
        return [.. await LinesAsync(pharos, writer, startNs, middleNs), .. await LinesAsync(pharos, writer, middleNs, endNs)];
    }

    private static string List(List<int> numbers) => $"{numbers.Count}: {string.Join(",", numbers.Take(10))}";

    private static long Ns(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
