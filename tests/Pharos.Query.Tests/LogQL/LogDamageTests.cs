using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.LogQL;

/// <summary>A damaged block costs its own lines, and the answer says so.</summary>
public sealed class LogDamageTests
{
    private const long SecondNs = 1_000_000_000;
    private const long Begin = 1_700_000_040 * SecondNs;

    [Fact]
    public async Task Lines_of_other_blocks_are_answered_with_a_warning()
    {
        var directory = Directory.CreateTempSubdirectory("pharos-log-damage").FullName;
        using var meter = new Meter("test");
        var options = new LogStoreOptions { Directory = directory };
        await using (var store = LogStore.Open(options, TimeProvider.System, NullLogger.Instance, meter))
        {
            Append(store, "first", 0);
            store.Flush(TestContext.Current.CancellationToken);
            Append(store, "second", 20);
            store.Flush(TestContext.Current.CancellationToken);
        }
        var part = Directory.GetFiles(Path.Combine(directory, "parts")).Order(StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(part);
        bytes[32] ^= 0xff;
        File.WriteAllBytes(part, bytes);
        await using (var store = LogStore.Open(options, TimeProvider.System, NullLogger.Instance, meter))
        {
            var engine = new LogEngine(new LogEngineOptions(), TimeProvider.System);

            // Damage is found by the first query, and known to the second.
            for (var round = 0; round < 2; round++)
            {
                var lines = (LogStreamsResult)await AnswerAsync(engine, store, "{app=\"shop\"} |= \"line\"");
                Assert.Equal(10, lines.Entries.Count);
                Assert.All(lines.Entries, static entry => Assert.StartsWith("second", Encoding.UTF8.GetString(entry.Line.Span), StringComparison.Ordinal));
                Assert.Contains("up to 10 lines may be missing", Assert.Single(lines.Warnings), StringComparison.Ordinal);
                var counts = (LogMatrixResult)await AnswerAsync(engine, store, "sum(count_over_time({app=\"shop\"} |= \"line\" [10m]))");
                Assert.Equal(10, Assert.Single(counts.Series).Values[^1]);
                Assert.Single(counts.Warnings);
            }
            Assert.Empty((await AnswerAsync(engine, store, "{app=\"other\"}")).Warnings);
        }
        Directory.Delete(directory, recursive: true);
    }

    private static void Append(LogStore store, string text, int second)
    {
        var batch = new LogBatch();
        batch.BeginStream(store.Stream("t", LabelSet.From([new Label("app", "shop")])));
        for (var i = 0; i < 10; i++)
        {
            batch.Add(Begin + ((second + i) * SecondNs), Encoding.UTF8.GetBytes($"{text} line {i}"));
        }
        store.Append(batch);
    }

    private static Task<LogQueryResult> AnswerAsync(LogEngine engine, LogStore store, string query) => engine.QueryRangeAsync(
        store, "t", LogParser.Parse(query), new LogRangeRequest(Begin, Begin + (60 * SecondNs)) { StepNs = 60 * SecondNs, Limit = 100 },
        TestContext.Current.CancellationToken);
}
