using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb bench write</c>.</summary>
internal static class BenchCommand
{
    private const long ScrapeIntervalMs = 30_000;

    public static Command Create() => new("bench", "Measures the store.") { Write() };

    private static Command Write()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Label sets, one JSON object a line; made up where none is given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string>("--out") { Description = "Where the store is made.", DefaultValueFactory = _ => "benchout" };
        var metrics = new Option<int>("--metrics") { Description = "Number of series.", DefaultValueFactory = _ => 10_000 };
        var scrapes = new Option<int>("--scrapes") { Description = "Number of scrapes to simulate.", DefaultValueFactory = _ => 3_000 };
        var command = new Command("write", "Runs a write performance benchmark.") { file, output, metrics, scrapes };
        command.Run(async (parsed, cancellation) =>
        {
            var count = parsed.GetValue(metrics);
            IReadOnlyList<LabelSet> labels = [];
            Stage("readData", () => labels = parsed.GetValue(file) is { } path ? Read(path, count) : MadeUp(count));
            using var meter = new Meter("pharos.tools");
            var options = new MetricStoreOptions
            {
                Directory = Path.Combine(parsed.GetValue(output)!, "storage"),
                RetentionTime = TimeSpan.Zero,
            };
            await using var store = MetricStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
            long total = 0;
            var took = Stage("ingestScrapes", () => total = Ingest(store, labels, parsed.GetValue(scrapes), cancellation));
            Console.Out.WriteLine($" > total samples: {total}");
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $" > samples/sec: {total / took.TotalSeconds:F0}"));
            return 0;
        });
        return command;
    }

    private static TimeSpan Stage(string name, Action work)
    {
        Console.Out.WriteLine($">> start stage={name}");
        var started = TimeProvider.System.GetTimestamp();
        work();
        var took = TimeProvider.System.GetElapsedTime(started);
        Console.Out.WriteLine($">> completed stage={name} duration={GoDuration.Format(took)}");
        return took;
    }

    private static long Ingest(MetricStore store, IReadOnlyList<LabelSet> labels, int scrapes, CancellationToken cancellation)
    {
        var references = new ulong[labels.Count];
        long total = 0;
        for (var scrape = 0; scrape < scrapes; scrape++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var appender = store.Appender();
            for (var i = 0; i < references.Length; i++)
            {
                var result = appender.Append(ref references[i], labels[i], (scrape + 1) * ScrapeIntervalMs, 123456789 + (scrape * 1000));
                total += result == AppendResult.Ok ? 1 : 0;
            }
            appender.Commit();
        }
        return total;
    }

    private static List<LabelSet> Read(string path, int count)
    {
        try
        {
            return [.. File.ReadLines(path).Where(static line => line.Trim().Length > 0).Take(count)
                .Select(static line => LabelSet.From(JsonSerializer.Deserialize<Dictionary<string, string>>(line)!))];
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }

    private static List<LabelSet> MadeUp(int count) =>
    [
        .. Enumerable.Range(0, count).Select(static i => LabelSet.From(
            ("__name__", $"bench_metric_{i % 100}"), ("instance", $"host-{i / 100}:9100"), ("job", "bench"))),
    ];
}
