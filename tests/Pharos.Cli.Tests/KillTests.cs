using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Tests.Api;

namespace Pharos.Cli.Tests;

/// <summary>What a query has shown is there after SIGKILL, ten times over.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rounds = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-kill-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_acknowledged_sample_is_missing_after_SIGKILL_and_every_start_is_clean()
    {
        var ticks = 0;
        await using var target = new LoopbackServer(context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4";
            return context.Response.WriteAsync(NextTick(ref ticks), context.RequestAborted);
        });
        var config = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            scrape_configs:
            - job_name: load
              scrape_interval: 100ms
              scrape_timeout: 100ms
              static_configs: [{targets: ['{{target.Authority}}']}]
            """);
        var seen = new Dictionary<(string Series, string Time), string>();
        for (var round = 0; round < Rounds; round++)
        {
            using var pharos = PharosProcess.Start(
                "serve", $"--config.file={config}", "--data", Path.Combine(_folder, "data"), "--web.listen-address=127.0.0.1:0");
            await pharos.ReadyAsync();
            var before = seen.Count;
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var there = await SamplesAsync(pharos);
            Assert.Empty(seen.Except(there));
            while (there.Count < before + 100)
            {
                await Task.Delay(50, deadline.Token);
                there = await SamplesAsync(pharos);
            }
            seen = there;
            // At once after the answer: nothing has had time to be written that was not yet.
            pharos.Signal("KILL");
            await pharos.ExitAsync();
            Assert.DoesNotContain("level=ERROR", pharos.Output, StringComparison.Ordinal);
        }
    }

    private static async Task<Dictionary<(string Series, string Time), string>> SamplesAsync(PharosProcess pharos)
    {
        var samples = new Dictionary<(string, string), string>();
        foreach (var metric in (string[])["ticks_total", "up"])
        {
            var answer = await pharos.JsonAsync("api/v1/query?query=" + Uri.EscapeDataString(metric + "[1h]"));
            foreach (var series in answer.GetProperty("data").GetProperty("result").EnumerateArray())
            {
                var name = series.GetProperty("metric").GetRawText();
                foreach (var point in series.GetProperty("values").EnumerateArray())
                {
                    samples[(name, point[0].GetRawText())] = point[1].GetString()!;
                }
            }
        }
        return samples;
    }

    /// <summary>Each scrape sees another value.</summary>
    private static string NextTick(ref int ticks)
    {
        var text = new StringBuilder("# TYPE ticks_total counter\n");
        var tick = Interlocked.Increment(ref ticks);
        for (var i = 0; i < 20; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"ticks_total{{part=\"{i}\"}} {tick}\n");
        }
        return text.ToString();
    }
}
