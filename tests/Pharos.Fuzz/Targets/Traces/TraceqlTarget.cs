using System.Text;
using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Storage.Traces;

namespace Pharos.Fuzz.Targets.Traces;

/// <summary>A query for traces: parsed, printed, parsed again to the same text, run on a small trace; and read as if it were still being written.</summary>
internal sealed class TraceqlTarget : FuzzTarget
{
    private static readonly SpanResource Shop = new([new("service.name", AttributeValue.OfText("shop"))], 0, "");

    private static readonly Span[] Spans =
    [
        new()
        {
            TraceId = new TraceId(0, 1), SpanId = 1, Name = "GET", Kind = SpanKind.Server, StartNs = 1, EndNs = 100, Resource = Shop,
            Attributes = [new("a", AttributeValue.OfInt(1)), new("b", AttributeValue.OfJson(AttributeKind.Array, "[1,\"x\"]"))],
        },
        new()
        {
            TraceId = new TraceId(0, 1), SpanId = 2, ParentSpanId = 1, Name = "call", Kind = SpanKind.Client, StartNs = 5, EndNs = 50, Resource = Shop,
            Status = SpanStatus.Error, Attributes = [new("a", AttributeValue.OfText("x")), new("c", AttributeValue.OfDouble(double.NaN))],
            Events = [new SpanEvent(7, "e", [new("a", AttributeValue.OfBool(true))], 0)],
        },
        new() { TraceId = new TraceId(0, 1), SpanId = 3, ParentSpanId = 3, Name = "circle" },
    ];

    public override string Name => "traceql";

    public override IReadOnlyList<string> Tokens =>
    [
        "{ ", " }", "(", ")", ",", " = ", " != ", " =~ ", " !~ ", " > ", " >= ", " < ", " <= ", " && ", " || ", " + ", " - ", " * ", " / ", " % ", " ^ ", "!", "-",
        " >> ", " << ", " ~ ", " !> ", " !>> ", " !< ", " !<< ", " !~ ", " &> ", " &>> ", " &< ", " &<< ", " &~ ", " | ", ".a", "span.a", "resource.service.name",
        "event.a", "link.a", "instrumentation.a", "parent.a", "parent.span.a", ".\"a b\"", "name", "status", "kind", "duration", "traceDuration", "rootName",
        "childCount", "nestedSetParent", "span:id", "trace:id", "event:name", "parent", "nil", "true", "error", "server", "minInt", "1", "1.5", "5ms", "\"x\"", "`x`",
        "by(", "coalesce()", "select(", "count()", "avg(", "max(", "rate()", "count_over_time()", "quantile_over_time(duration, .9)", "histogram_over_time(",
        "compare({", " by (", "topk(1)", "bottomk(2)", " with (a=1)", "//", "/*", "*/", "\n", "0", "9223372036854775807",
    ];

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var unfinished = TraceParser.ParseUnfinished(text) is null ? "" : "u";
        TraceQuery query;
        try
        {
            query = TraceParser.Parse(text);
        }
        catch (TraceParseException bad)
        {
            return unfinished + "E" + Shape.Of(bad.Problem);
        }
        var printed = query.ToString();
        if (TraceParser.Parse(printed).ToString() is var again && again != printed)
        {
            throw new BrokenPromiseException($"printed and read again it is another query: {printed} and {again}");
        }
        if (query.Expr is not TracePipeline pipeline)
        {
            return unfinished + "M" + Shape.Of(printed.Length);
        }
        var sets = new PipelineEvaluation(pipeline).Run(new TraceSpans(Spans), CancellationToken.None);
        if (sets.Exists(static set => set.Spans.Count == 0))
        {
            throw new BrokenPromiseException($"an empty set: {printed}");
        }
        return unfinished + Shape.Of(string.Concat(pipeline.Stages.Select(static stage => stage.GetType().Name))) + string.Join(',', sets.Select(static set => set.Spans.Count));
    }
}
