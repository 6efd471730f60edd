using System.Diagnostics;
using Pharos.Query.LogQL;
using Pharos.Storage.Logs;

namespace Pharos.Benchmarks.Logs;

/// <summary>Questions in LogQL over all lines, three times each.</summary>
internal static class LogQueries
{
    private const int Rounds = 3;
    private const double Mega = 1e6;
    private const long MinuteNs = 60_000_000_000;

    public static async Task RunAsync(LogStore store, string needle, long startNs, long endNs, long rawBytes)
    {
        var engine = new LogEngine(new LogEngineOptions(), TimeProvider.System);
        foreach (var query in (string[])
        [
            $"{{namespace=\"shop\"}} |= \"{needle}\"", "{namespace=\"shop\"} |= \"request completed\"", "{namespace=\"shop\"} |~ \"[a-z]+[0-9]{7}x\"",
            "sum by (detected_level) (count_over_time({namespace=\"shop\"}[1m]))", "sum(count_over_time({namespace=\"shop\"} | json | status > 501 [1m]))",
            "{namespace=\"shop\"} |~ \"[0-9]{9}[a-f]{7}[0-9]{7}\"", "sum by (app) (rate({namespace=\"shop\"} |= \"error\" [1m]))",
            "sum by (method) (count_over_time({namespace=\"shop\"} | json [1m]))", "{namespace=\"shop\"} | json | duration_ms > 1995",
        ])
        {
            var request = new LogRangeRequest(startNs - (startNs % MinuteNs), endNs + 1) { StepNs = MinuteNs, Limit = 1000 };
            for (var i = 0; i < Rounds; i++)
            {
                using var process = Process.GetCurrentProcess();
                var (cpu, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
                await engine.QueryRangeAsync(store, "fake", LogParser.Parse(query), request, CancellationToken.None);
                process.Refresh();
                var used = (process.TotalProcessorTime - cpu).TotalSeconds;
                Console.WriteLine(FormattableString.Invariant(
                    $"{query}: {clock.Elapsed.TotalMilliseconds:F1} ms wall, {1000 * used:F0} ms CPU, {rawBytes / Mega / Math.Max(1e-3, used):F0} MB/s of CPU"));
            }
        }
    }
}
