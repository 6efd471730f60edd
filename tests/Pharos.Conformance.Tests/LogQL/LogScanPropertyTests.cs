using CsCheck;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>Blocks searched whole, skipped and probed find what the stages find that are run on every line.</summary>
public sealed class LogScanPropertyTests
{
    private static readonly string[] Words =
    [
        "GET", "POST", "error", "err", "a=1", "b=22", "\"x\":5", "10.0.0.7",
        "größe", "{\"a\":3}", "{\"a\":1,\"id\":7}", "k=v", "\n", "zz", "Error",
    ];

    private static readonly string[] Stages =
    [
        "|= \"err\"", "!= \"GET\"", "|= \"error\" or \"zz\"", "|~ \"err|zz\"", "|~ \"(?i)ERROR\"", "|~ \"(?i)eRRor.*G\"", "|~ \"(?i)po[rs]t\"",
        "!~ \"a=\\\\d\"", "|~ \"b=2+ \"", "|> \"<_>a=<_>\"", "!> \"GET<_>\"",
        "|= ip(\"10.0.0.0/8\")",
        "| id=\"3\"", "| id!=\"3\"", "| app=\"a\"", "| id=\"1\" or app=\"b\"",
        "| logfmt", "| logfmt | a > 0", "| logfmt a | a=\"1\"", "| json", "| json | a >= 3", "| json | a = \"1\"", "| json | a < 3 | id > 2",
        "| json | __error__=\"\"", "| k=\"v\"",
        "| line_format \"{{.app}} zz\"", "| label_format app=\"q\"", "| drop id", "| decolorize",
    ];

    private static readonly Gen<string> Line = OneOf(Words).Array[0, 5].Select(static words => string.Join(' ', words));

    private static readonly Gen<(string Line, int Stream, int Id, int Time)[]> Entries =
        Gen.Select(Line, Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 40]).Array[1, 40];

    [Fact]
    public void Lines_are_those_that_pass_one_by_one() => Gen.Select(Entries, OneOf(Stages).Array[0, 4], Gen.Int[1, 9], Gen.Int[1, 20], Gen.Bool)
        .Sample((entries, stages, rowsPerBlock, limit, backward) =>
        {
            var store = Store(entries, rowsPerBlock);
            var expr = (LogQueryExpr)LogParser.Parse($"{{app=~\".+\"}} {string.Join(' ', stages)}");
            var expected = OneByOne(entries, expr, backward).ToList();
            var request = new LogRangeRequest(0, 1000) { Limit = limit, Direction = backward ? LogDirection.Backward : LogDirection.Forward };
            var result = (LogStreamsResult)new LogEngine(new LogEngineOptions(), TimeProvider.System)
                .QueryRangeAsync(store, "t", expr, request, CancellationToken.None).GetAwaiter().GetResult();
            // Of lines with the time of the last one any may be left out.
            var times = result.Entries.Select(static entry => entry.TimeNs).ToList();
            Assert.Equal(expected.Take(limit).Select(static entry => entry.TimeNs), times);
            var inner = times.Count < limit ? long.MinValue : times[^1];
            Assert.Equal(
                expected.Where(entry => entry.TimeNs != inner && times.Contains(entry.TimeNs)).Select(static entry => entry.Text).Order(StringComparer.Ordinal),
                result.Entries.Where(entry => entry.TimeNs != inner).Select(Text).Order(StringComparer.Ordinal));
        }, iter: 2000, threads: 1);

    [Fact]
    public void Numbers_count_the_lines_that_pass_one_by_one() =>
        Gen.Select(Entries, OneOf(Stages).Array[0, 3], Gen.Int[1, 9], Gen.Int[1, 15], Gen.Int[1, 12])
        .Sample((entries, stages, rowsPerBlock, range, step) =>
        {
            var query = $"{{app=~\".+\"}} {string.Join(' ', stages)} | drop __error__, __error_details__";
            var passed = OneByOne(entries, (LogQueryExpr)LogParser.Parse(query), backward: false).ToList();
            var expr = LogParser.Parse($"sum(count_over_time({query} [{range}ms]))");
            var request = new LogRangeRequest(0, 45_000_000) { StepNs = step * 1_000_000 };
            var result = (LogMatrixResult)new LogEngine(new LogEngineOptions(), TimeProvider.System)
                .QueryRangeAsync(Store(entries, rowsPerBlock, unitNs: 1_000_000), "t", expr, request, CancellationToken.None).GetAwaiter().GetResult();
            var counted = result.Series.SelectMany(static series => series.TimestampsMs.Zip(series.Values))
                .ToDictionary(static pair => pair.First, static pair => pair.Second);
            for (var at = 0; at <= 45; at += step)
            {
                Assert.Equal(passed.Count(entry => entry.TimeNs <= at && entry.TimeNs > at - range), counted.GetValueOrDefault(at));
            }
        }, iter: 1000, threads: 1);

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static NaiveLogStore Store((string Line, int Stream, int Id, int Time)[] entries, int rowsPerBlock, long unitNs = 1)
    {
        var store = new NaiveLogStore(rowsPerBlock);
        var batch = new LogBatch();
        foreach (var (line, stream, id, time) in entries)
        {
            batch.BeginStream(store.Stream("t", LabelSet.From(("app", "abc"[stream].ToString()))));
            batch.Add(time * unitNs, System.Text.Encoding.UTF8.GetBytes(line));
            batch.AddMetadata("id"u8, System.Text.Encoding.UTF8.GetBytes($"{id}"));
        }
        store.Append(batch);
        return store;
    }

    private static IEnumerable<(long TimeNs, string Text)> OneByOne(
        (string Line, int Stream, int Id, int Time)[] entries, LogQueryExpr expr, bool backward)
    {
        var found = new List<(long TimeNs, string Text)>();
        foreach (var (text, stream, id, time) in entries)
        {
            var pipeline = new LogPipeline(expr.Stages, TimeProvider.System, null);
            pipeline.Labels.BeginStream(LabelSet.From(("app", "abc"[stream].ToString())));
            pipeline.Labels.BeginLine();
            pipeline.Labels.AddMetadata(pipeline.Keys.Pin("id"), System.Text.Encoding.UTF8.GetBytes($"{id}"));
            var line = new LogLine(System.Text.Encoding.UTF8.GetBytes(text), time, pipeline.Labels);
            if (pipeline.Run(ref line))
            {
                var labels = new List<Label>();
                for (var i = 0; i < pipeline.Labels.Count; i++)
                {
                    if (pipeline.Labels.Counts(i))
                    {
                        labels.Add(new Label(pipeline.Labels.KeyOf(i).Name, System.Text.Encoding.UTF8.GetString(pipeline.Labels.ValueOf(i))));
                    }
                }
                pipeline.Labels.AddErrorTo(labels);
                found.Add((time, $"{LabelSet.OfTexts(labels.ToArray())} {System.Text.Encoding.UTF8.GetString(line.Text)}"));
            }
        }
        return backward ? found.OrderByDescending(static entry => entry.TimeNs) : found.OrderBy(static entry => entry.TimeNs);
    }

    private static string Text(LogResultEntry entry) => $"{entry.Labels.All} {System.Text.Encoding.UTF8.GetString(entry.Line.Span)}";
}
