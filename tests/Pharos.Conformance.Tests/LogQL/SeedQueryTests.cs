using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>The queries that users begin with are read, and find their lines among others.</summary>
public sealed class SeedQueryTests
{
    private static readonly string Queries = Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared", "seed", "logql-queries.txt"));

    private static readonly LabelSet Agents =
        LabelSet.From(("namespace", "progressive-framework-prod"), ("tier", "agents"), ("app", "progressive-framework-v5"));

    private static readonly string[] Lines =
    [
        "ERROR database connection error", """{"coordination_event":"handoff","timestamp":"t1","agent_type":"npa"}""", """{"performance_metric":1500}""",
        """{"performance_metric":500}""", """{"trace_id":"abc","timestamp":"t2","message":"hi"}""", """{"trace_id":"","message":"none"}""",
        """{"user_action":true,"timestamp":"t3","user_id":"u1","action":"login"}""", "memory warning", """{"plan_generation":"failed","agent_type":"wpa"}""",
        """{"plan_generation":"failed","agent_type":"other"}""", "nothing of interest",
    ];

    [Fact]
    public async Task Each_query_finds_its_lines()
    {
        if (!File.Exists(Queries))
        {
            Assert.Skip($"No queries in {Queries}.");
        }
        var store = new NaiveLogStore(3);
        var batch = new LogBatch();
        batch.BeginStream(store.Stream("t", Agents));
        for (var i = 0; i < Lines.Length; i++)
        {
            batch.Add(i + 1, System.Text.Encoding.UTF8.GetBytes(Lines[i]));
        }
        store.Append(batch);
        var engine = new LogEngine(new LogEngineOptions(), TimeProvider.System);
        var answers = new List<string>();
        foreach (var query in (await File.ReadAllLinesAsync(Queries)).Where(static line => line.Length > 0 && line[0] != '#'))
        {
            var expr = LogParser.Parse(query);
            var result = await engine.QueryRangeAsync(store, "t", expr, new LogRangeRequest(0, 1000) { StepNs = 1000 }, CancellationToken.None);
            answers.Add(result is LogStreamsResult streams
                ? string.Join(" | ", streams.Entries.Select(static entry => System.Text.Encoding.UTF8.GetString(entry.Line.Span)))
                : string.Join(" | ", ((LogMatrixResult)result).Series.Select(static series => $"{series.Labels} x{series.Values.Count}")));
            Assert.True(expr is not LogQueryExpr || result is LogStreamsResult);
        }
        Assert.Equal(
        [
            "{app=\"progressive-framework-v5\"} x1", "t1 npa -> handoff", """{"performance_metric":1500}""", "ERROR database connection error",
            "t2 progressive-framework-v5 abc hi", "t3 u1 login", "memory warning", """{"plan_generation":"failed","agent_type":"wpa"}""",
        ], answers);
    }
}
