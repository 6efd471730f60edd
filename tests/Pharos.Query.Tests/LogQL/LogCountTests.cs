using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.LogQL;

/// <summary>Counts that are taken from times, or from what blocks know of their minutes, are those of a pipeline over every line.</summary>
public sealed class LogCountTests
{
    private const long SecondNs = 1_000_000_000;
    private const long Begin = 1_700_000_040 * SecondNs;
    private const int Hour = 3600;

    private static readonly string[] Levels = ["", "info", "warn", "error"];
    private static readonly string[] Queries =
    [
        "count_over_time({app=\"shop\"} # [@])", "sum by (pod) (count_over_time({app=\"shop\"} # [@]))", "sum(rate({app=\"shop\"} # [@]))",
        "sum by (detected_level) (count_over_time({app=\"shop\"} # [@]))", "sum without (pod) (rate({app=\"shop\"} # [@] offset 7m))",
        "sum by (pod, detected_level) (count_over_time({app=~\".+\"} # [@]))", "sum by (nothing) (count_over_time({pod=\"a\"} # [@] offset -3m))",
        "sum by (pod) (bytes_over_time({app=\"shop\"} # [@]))", "absent_over_time({pod=\"a\"} # [@])",
        "bytes_over_time({app=\"shop\"} # [@])", "sum by (detected_level) (bytes_rate({app=\"shop\"} # [@]))", "sum(bytes_over_time({pod=\"b\"} # [@] offset 2m))",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counts_are_those_of_a_pipeline(int seed)
    {
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("pharos-log-counts").FullName;
        using var meter = new Meter("test");
        await using (var store = LogStore.Open(new LogStoreOptions { Directory = directory }, TimeProvider.System, NullLogger.Instance, meter))
        {
            Fill(store, random, 3000, seed % 2 == 0);
            store.Flush(TestContext.Current.CancellationToken);
            Fill(store, random, 500, seed % 2 == 0);
            var engine = new LogEngine(new LogEngineOptions(), TimeProvider.System);
            for (var i = 0; i < 150; i++)
            {
                var query = Queries[random.Next(Queries.Length)].Replace("@", random.Next(3) == 0 ? "1m" : $"{random.Next(1, 900)}s", StringComparison.Ordinal);
                var startNs = Begin + (random.Next(3) == 0 ? 60 * random.Next(-10, 60) * SecondNs : random.NextInt64(-600 * SecondNs, Hour * SecondNs));
                var request = new LogRangeRequest(startNs, startNs + (random.Next(Hour) * SecondNs))
                {
                    StepNs = random.Next(4) == 0 ? 0 : random.Next(3) == 0 ? 60 * SecondNs : random.Next(1, 700) * SecondNs,
                };
                var counted = await AnswerAsync(engine, store, query.Replace("#", "", StringComparison.Ordinal), request);
                var piped = await AnswerAsync(engine, store, query.Replace("#", "|= \"line\"", StringComparison.Ordinal), request);
                Assert.True(piped == counted, $"seed {seed}: {query} {request}\n{piped}\nand not\n{counted}");
            }
        }
        Directory.Delete(directory, recursive: true);
    }

    /// <param name="store">Gets the entries.</param>
    /// <param name="random">Makes them.</param>
    /// <param name="entries">How many.</param>
    /// <param name="withNewlines">Whether some have a newline inside: their blocks keep where lines end.</param>
    private static void Fill(LogStore store, Random random, int entries, bool withNewlines)
    {
        var batch = new LogBatch();
        for (var i = 0; i < entries; i++)
        {
            batch.BeginStream(store.Stream("fake", LabelSet.From(("app", random.Next(5) == 0 ? "other" : "shop"), ("pod", random.Next(2) == 0 ? "a" : "b"))));
            // Now and then at a whole minute, and several at once.
            var timeNs = random.Next(20) == 0 ? Begin + (60 * random.Next(60) * SecondNs) : Begin + random.NextInt64(Hour * SecondNs);
            var id = random.Next(3) switch { 0 => "", 1 => $" {random.NextInt64():x16}{random.NextInt64():x16}", _ => $" {Guid.NewGuid()}" };
            var more = withNewlines && random.Next(50) == 0 ? "\n\tat Main" : "";
            batch.Add(timeNs, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"line {i}{id}{more}")));
            if (Levels[random.Next(Levels.Length)] is { Length: > 0 } level)
            {
                batch.AddMetadata("detected_level"u8, Encoding.UTF8.GetBytes(level));
            }
        }
        store.Append(batch);
    }

    private static async Task<string> AnswerAsync(LogEngine engine, LogStore store, string query, LogRangeRequest request)
    {
        var result = await engine.QueryRangeAsync(store, "fake", LogParser.Parse(query), request, TestContext.Current.CancellationToken);
        return string.Join('\n', Assert.IsType<LogMatrixResult>(result).Series.Select(series =>
            $"{series.Labels}: {string.Join(' ', series.TimestampsMs.Zip(series.Values, static (time, value) => string.Create(CultureInfo.InvariantCulture, $"{value}@{time}")))}"));
    }
}
