using System.Text;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets;

/// <summary>A query for logs: parsed, printed on one line and on many, parsed again to the same text, and its stages run on a few lines, with all
/// labels wanted and with none.</summary>
internal sealed class LogqlTarget : FuzzTarget
{
    private static readonly byte[][] Lines =
    [
        [.. "{\"a\":1,\"b\":{\"c\":\"d\\u00fc\"},\"e\":[1,{}],\"f\":null}"u8], [.. "a=1 b=\"c d\" e f= 10.0.0.7 2001:db8::1 5ms"u8],
        [.. "{\"_entry\":\"x\",\"a\":\"b\""u8], [],
        [.. "\u001b[31mred\u001b[0m \n"u8, 0xff, .. "{{[["u8],
    ];

    private static readonly LabelSet Stream = LabelSet.From(("app", "a"), ("level", "info"));

    public override string Name => "logql";

    /// <summary>A template may make a text of a megabyte for each line.</summary>
    public override long BaseBytes => 1L << 30;

    /// <summary>An expression takes time in proportion to its instructions, of which a few bytes may make thousands.</summary>
    public override TimeSpan MaxTime => TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="MaxTime"/>
    public override long BytesPerInputByte => 50_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "{app=\"a\"}", "{", "}", "(", ")", ",", "=", "!=", "=~", "!~", "==", " > ", " <= ", "|= ", "|~ ", "|> ", "!> ", "| ", " or ", " and ",
        "ip(\"10.0.0.0/8\")",
        "\"<_>a<_>\"", "json", "logfmt",
        " --strict", " --keep-empty", "regexp \"(?P<x>a+)\"", "pattern \"<a> <b>\"", "unpack", "decolorize",
        "line_format \"{{.app}}\"", "label_format x=app", "y=\"{{__line__ | upper}}\"",
        "drop app", "keep level",
        "unwrap ", "bytes(a)", "duration(a)", "[5m]", " offset 1h", "count_over_time(", "rate(", "sum by (app) (", "topk(2, ", "quantile_over_time(0.5, ",
        " on (app) ", " ignoring (a) ", " group_left ", " bool ", "vector(1)", "label_replace(",
        "unless", "`a`", "\"\\x41\"", "#", "\n", "1h30m", "5KiB", "1e3", "0x1", "-", "a.b[0]",
        "x=\"a.b[0]\"", "{{", "}}", "__error__", "{{range .}}{{.}}{{end}}", "1", "0",
    ];

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        LogExpr expr;
        try
        {
            expr = LogParser.Parse(text);
        }
        catch (LogParseException bad)
        {
            return "E" + Shape.Of(bad.Problem);
        }
        var printed = expr.ToString();
        if (LogParser.Parse(printed).ToString() is var again && again != printed)
        {
            throw new BrokenPromiseException($"printed and read again it is another query: {printed} and {again}");
        }
        if (LogParser.Parse(LogParser.Format(expr)).ToString() is var laidOut && laidOut != printed)
        {
            throw new BrokenPromiseException($"laid out and read again it is another query: {printed} and {laidOut}");
        }
        var stages = expr switch
        {
            LogQueryExpr query => query.Stages,
            MetricExpr.RangeAggregation range => range.Range.Query.Stages,
            _ => [],
        };
        return Shape.Of(string.Concat(stages.Select(static stage => stage.GetType().Name))) + Pass(stages, null) + Pass(stages, ["app"]);
    }

    /// <summary>Which lines pass, and which of them with an error.</summary>
    private static string Pass(IReadOnlyList<LogStage> stages, string[]? wanted)
    {
        var pipeline = new LogPipeline(stages, TimeProvider.System, wanted);
        pipeline.Labels.BeginStream(Stream);
        var shape = new StringBuilder();
        foreach (var bytes in Lines)
        {
            pipeline.Labels.BeginLine();
            pipeline.Labels.AddMetadata(pipeline.Keys.Pin("trace"), "t1"u8);
            var line = new LogLine(bytes, 1_700_000_000_000_000_000, pipeline.Labels);
            shape.Append(!pipeline.Run(ref line) ? '-' : pipeline.Labels.HasError ? 'e' : '+');
        }
        return shape.ToString();
    }
}
