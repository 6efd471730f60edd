using CsCheck;
using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Metrics;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Query.Tests.TraceQL;

/// <summary>A store that is told what a query needs gives every trace that the query finds among all of them.</summary>
public sealed class PushDownTests
{
    private static readonly string[] Conditions =
    [
        ".a = 1", ".a != 1", "span.a > 1", "resource.a = \"x\"", ".a =~ \"x|y\"", "span.a !~ \"x\"", ".a = nil", ".a != nil", ".a", "!.a", ".a + 1 = 2",
        "1 < .a", ".b = \"x\"", ".b != \"x\"", "span.b > \"w\"", ".b = true", ".b = 1.5", "resource.service.name = \"s\"", "resource.service.name != \"s\"",
        "resource.service.name = \"\"", ".service.name = \"s\"", "resource.service.name =~ \"s|t\"", "name = \"x\"", "name != \"x\"", "name =~ \"x|y\"",
        "status = error", "status != error", "kind = server", "kind != server", "duration > 2ns", "duration = 1ns", "traceDuration > 3ns", "rootName = \"x\"",
        "rootServiceName = \"s\"", "statusMessage = \"x\"", "event:name = \"x\"", "event:name != \"x\"", "event.a = 1", "event.a != nil", "link.a = 1",
        "instrumentation:name = \"x\"", "instrumentation.a = 1", "parent.a = 1", "childCount > 0", "nestedSetParent < 0", "parent = nil", "true", "false", ".a = .b",
        "trace:id = \"1\"", "trace:id = \"2\"", "span:id = \"1\"",
    ];

    private static readonly Gen<string> Condition = Gen.Recursive<string>(static (depth, inner) => depth > 3 ? One(Conditions) : Gen.Frequency(
        (4, One(Conditions)), (2, Gen.Select(inner, inner, static (a, b) => $"({a} && {b})")), (2, Gen.Select(inner, inner, static (a, b) => $"({a} || {b})")),
        (1, inner.Select(static a => $"!({a} && true)"))));

    private static readonly Gen<string> Spanset = Gen.Recursive<string>(static (depth, inner) => depth > 2 ? Filter() : Gen.Frequency(
        (3, Filter()), (3, Gen.Select(inner, One(["&&", "||", ">", ">>", "<", "<<", "~", "!>", "!>>", "!<", "!<<", "!~", "&>", "&>>", "&<", "&<<", "&~"]), inner,
            static (a, op, b) => $"({a}) {op} ({b})")),
        (1, inner.Select(static a => $"({a} | count() > 1)"))));

    private static readonly Gen<string> Pipeline = Gen.Select(
        Spanset, One(["count() > 1", "by(.a)", "by(.a) | count() > 1", "coalesce()", "{ .b != nil }", "select(.b)", "max(duration) > 1ns"]).Array[0, 2],
        static (spans, stages) => string.Join(" | ", stages.Prepend(spans)));

    private static readonly Gen<AttributeValue> Value = Gen.OneOf(
        Gen.Int[0, 2].Select(static value => AttributeValue.OfInt(value)), One(["", "w", "x", "y"]).Select(AttributeValue.OfText),
        Gen.Bool.Select(AttributeValue.OfBool), Gen.Const(AttributeValue.OfDouble(1.5)), Gen.Const(AttributeValue.OfDouble(double.NaN)),
        Gen.Const(AttributeValue.Empty), Gen.Const(AttributeValue.OfBytes([1])), One(["[1,\"x\"]", "[]", "[true,1.5]"]).Select(static json => AttributeValue.OfJson(AttributeKind.Array, json)),
        Gen.Const(AttributeValue.OfJson(AttributeKind.Map, "{\"x\":1}")));

    private static readonly Gen<(string Key, AttributeValue Value)[]> Attributes = Gen.Select(One(["a", "b"]), Value).Array[0, 2];

    private static readonly Gen<Draft> Span = Gen.Select(
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 6], Gen.Int[0, 6], Gen.Int[0, 4], Gen.Int[0, 4]),
        Gen.Select(One(["x", "y", ""]), Gen.Int[0, 2], Gen.Int[0, 5], One(["s", "t", ""]), Gen.Int[0, 2]),
        Gen.Select(Attributes, Attributes, Attributes, Attributes, Attributes),
        static (numbers, texts, attributes) => new Draft(
            numbers.Item1, numbers.Item2, numbers.Item3, numbers.Item4, numbers.Item5, texts.Item1, texts.Item2, texts.Item3, texts.Item4, texts.Item5,
            attributes.Item1, attributes.Item2, attributes.Item3, attributes.Item4, attributes.Item5));

    [Fact]
    public void Nothing_that_a_query_finds_is_withheld() => Gen.Select(Span.Array[1, 12], Pipeline).Sample(static (spans, query) =>
    {
        var store = Store(spans);
        var pipeline = (TracePipeline)TraceParser.Parse(query).Expr;
        var found = new SearchRun(store, pipeline, new TraceSearchRequest { Limit = 100, SpansPerSet = 100 }).Run(CancellationToken.None);
        var evaluation = new PipelineEvaluation(pipeline);
        var expected = new List<string>();
        foreach (var trace in store.Find(new Pharos.Storage.Traces.Search.TraceFilter(), CancellationToken.None))
        {
            var sets = evaluation.Run(new TraceSpans(trace.Spans), CancellationToken.None);
            if (sets.Count > 0)
            {
                expected.Add($"{trace.Id} {string.Join(',', sets.Select(static set => set.Spans.Count))}");
            }
        }
        Assert.Equal(expected, found.Traces.Select(static trace => $"{trace.Summary.Id} {string.Join(',', trace.Sets.Select(static set => set.Matched))}"));
    }, iter: 10_000, threads: 1);

    [Fact]
    public void No_span_of_a_range_is_withheld() => Gen.Select(Span.Array[1, 12], Pipeline, Gen.Int[0, 3], Gen.Int[1, 4]).Sample(static (spans, query, start, length) =>
    {
        var store = Store(spans);
        var pipeline = (TracePipeline)TraceParser.Parse(query).Expr;
        var grid = new MetricsGrid(start + length, length, 1);
        var measured = new List<string>();
        new MeasuredSpans(store, "", grid, CancellationToken.None).ForEach(
            pipeline, needsTrace: false, (trace, span, _) => measured.Add($"{trace.Spans[span].TraceId} {trace.Spans[span].SpanId} {trace.Spans[span].StartNs}"));
        var evaluation = new PipelineEvaluation(pipeline);
        var expected = new List<string>();
        foreach (var trace in store.Find(new Pharos.Storage.Traces.Search.TraceFilter(), CancellationToken.None))
        {
            foreach (var span in evaluation.Run(new TraceSpans(trace.Spans), CancellationToken.None).SelectMany(static set => set.Spans).Select(at => trace.Spans[at]))
            {
                if (span.StartNs > start && span.StartNs <= start + length)
                {
                    expected.Add($"{span.TraceId} {span.SpanId} {span.StartNs}");
                }
            }
        }
        Assert.Equal(expected.Order(StringComparer.Ordinal), measured.Order(StringComparer.Ordinal));
    }, iter: 10_000, threads: 1);

    [Fact]
    public void What_is_printed_is_read_again_as_the_same() => Pipeline.Sample(static query =>
    {
        var printed = TraceParser.Parse(query).ToString();
        Assert.Equal(printed, TraceParser.Parse(printed).ToString());
    }, iter: 10_000, threads: 1);

    private static MemoryTraceStore Store(Draft[] spans)
    {
        var store = new MemoryTraceStore();
        var batch = new SpanBatch();
        foreach (var span in spans)
        {
            span.AddTo(batch);
        }
        store.Append(batch);
        return store;
    }

    private static Gen<string> Filter() => Condition.Select(static condition => $"{{ {condition} }}");

    private static Gen<string> One(string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private sealed record Draft(
        int Trace, int Id, int Parent, int Start, int Duration, string Name, int Status, int Kind, string Service, int Events,
        (string Key, AttributeValue Value)[] Own, (string Key, AttributeValue Value)[] Resource, (string Key, AttributeValue Value)[] Scope,
        (string Key, AttributeValue Value)[] Event, (string Key, AttributeValue Value)[] Link)
    {
        public void AddTo(SpanBatch batch)
        {
            batch.BeginResource();
            batch.AddAttribute("service.name", AttributeValue.OfText(Service));
            Add(batch, Resource);
            batch.BeginScope(System.Text.Encoding.UTF8.GetBytes(Name), []);
            Add(batch, Scope);
            batch.BeginSpan();
            (batch.Last.TraceId, batch.Last.SpanId, batch.Last.ParentSpanId) = (new TraceId(0, (ulong)Trace), (ulong)Id, (ulong)Parent);
            (batch.Last.StartNs, batch.Last.EndNs, batch.Last.Kind, batch.Last.Status) = (Start, Start + Duration, (SpanKind)Kind, (SpanStatus)Status);
            batch.Last.Name = batch.Keep(Name);
            batch.Last.StatusMessage = batch.Keep(Name);
            Add(batch, Own);
            for (var i = 0; i < Events; i++)
            {
                batch.BeginEvent(Start, i == 0 ? "x"u8 : "y"u8);
                Add(batch, i == 0 ? Event : []);
            }
            batch.BeginLink(new TraceId(0, 1), 1, [], 0);
            Add(batch, Link);
        }

        private static void Add(SpanBatch batch, (string Key, AttributeValue Value)[] attributes)
        {
            foreach (var (key, value) in attributes)
            {
                batch.AddAttribute(key, value);
            }
        }
    }
}
