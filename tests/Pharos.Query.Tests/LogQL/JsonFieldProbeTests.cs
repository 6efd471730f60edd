using System.Globalization;
using System.Text;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Pipeline.Probing;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.Tests.LogQL;

/// <summary>What the probe decides on a line's bytes is what the stages would have decided.</summary>
public sealed class JsonFieldProbeTests
{
    private const string Line = """{"ts": "2026-11-29T10:00:00Z","level":"info", "msg":"said \"no\" \\", "request":{"path":"/","list":[1,"]"]},"""
        + """ "duration_ms":12.345,"ok":true,"none":null,"e":{}}""";

    private static readonly string[] Queries =
    [
        "| json | a > 5", "| json | a_b <= 5", "| json | a = \"x\"", "| json | a != \"x\"", "| json | a =~ \"x.*\"", "| json | a > 5ms", "| json | a < 5KB",
        "| json | b = \"\" | a == 7", "|= \"a\" | json | a != 7 and b > 1", "| json | b > 1 | a = \"7\"", "| json | __error__ = \"\" | a >= 7",
        "| detected_level = \"\" | json | a > 5", "| json | _a > 5", "| json | b > 1 or a > 2 | a > 3",
        "| json | a = ip(\"10.0.0.1\") | a > 2", "| json | a !~ \"x?\"",
    ];

    private static readonly string[] Keys =
    [
        "a", "a", "a", "a", "b", "a_b", "a-b", "a.b", " a", "a ", "", " ", "_a", "@a", "1a", "\\u0061", "a\\\"", "aa", "é",
        "__error__", "@_error__", "__error_details__", "status",
    ];

    private static readonly string[] Values =
    [
        "1", "7", "5", "12", "-3", "6.25", "0.1", "5.", "1e3", "1a", "-", "01", "9007199254740993", "\"x\"", "\"xy\"",
        "\"7\"", "\"6ms\"", "\"4s\"", "\"9KB\"", "\"\"",
        "\"a\\\"b\"", "\"\\\\\"", "\"\\u0078\"", "\"é\"", "\"\uFFFD\"", "\"10.0.0.1\"",
        "true", "false", "null", "[]", "[1,{\"a\":9}]", "[\"]\"]", "{}", "tru", "nul", "x", "\"{\"", "[\\]",
    ];

    private static readonly string[] Blanks = ["", "", "", "", "", "", " ", "\t", " \n "];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_line_is_dropped_only_where_the_stages_drop_it(int seed)
    {
        var random = new Random(seed);
        var dropped = 0;
        for (var round = 0; round < 400; round++)
        {
            var query = Queries[random.Next(Queries.Length)];
            var stages = Stages(query);
            var range = new LogRange(new LogQueryExpr([], stages), null, 0, 0);
            var wanted = random.Next(3) == 0 ? LabelNeeds.Of(range, new LogGrouping([], Without: false)) : null;
            if (JsonFieldProbe.For(stages, wanted) is not { } probe)
            {
                continue;
            }
            var pipeline = new LogPipeline(stages, TimeProvider.System, wanted);
            pipeline.Labels.BeginStream(LabelSet.From(("app", "shop")));
            var (block, ends) = Block(random, 40);
            probe.Begin(block);
            for (var row = 0; row < ends.Count; row++)
            {
                var start = row == 0 ? 0 : ends[row - 1] + 1;
                pipeline.Labels.BeginLine();
                var line = new LogLine(block.AsSpan(start, ends[row] - start), 1, pipeline.Labels);
                var passes = pipeline.Run(ref line);
                var answer = probe.Ask(block, start, ends[row]);
                dropped += answer == ProbeAnswer.Drops ? 1 : 0;
                Assert.False(passes && answer == ProbeAnswer.Drops,
                    $"seed {seed}: {query} of {Encoding.UTF8.GetString(block, start, ends[row] - start)} with {(wanted is null ? "all labels" : "few")}");
            }
        }
        Assert.True(dropped > 1000, $"{dropped} lines were dropped: the test tells nothing");
    }

    [Theory]
    [InlineData("| json | duration_ms > 1995", true)]
    [InlineData("| json | duration_ms > 12", false)]
    [InlineData("| json | level = \"warn\"", true)]
    [InlineData("| json | level = \"info\"", false)]
    [InlineData("| json | nothing > 1", true)]
    [InlineData("| json | nothing != \"a\"", false)]
    public void Usual_lines_are_always_decided(string query, bool drops)
    {
        var probe = JsonFieldProbe.For(Stages(query), null)!;
        var block = Encoding.UTF8.GetBytes("x\"\n" + Line + "\n\"y");
        probe.Begin(block);
        Assert.Equal(drops ? ProbeAnswer.Drops : ProbeAnswer.Holds, probe.Ask(block, 3, 3 + Line.Length));
    }

    [Fact]
    public void A_cut_line_is_left_to_the_stages()
    {
        var probe = JsonFieldProbe.For(Stages("| json | duration_ms > 1995"), null)!;
        var block = Encoding.UTF8.GetBytes(Line + "\n");
        probe.Begin(block);
        Assert.Equal(ProbeAnswer.Unsure, probe.Ask(block, 0, Line.Length - 1));
    }

    [Fact]
    public void Short_decimals_are_the_floats_that_Go_reads()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var digits = random.NextInt64(1_000_000_000_000_000).ToString("D15", CultureInfo.InvariantCulture)[..random.Next(1, 16)];
            var at = random.Next(digits.Length + 1);
            var text = digits[..at] + "." + digits[at..];
            Assert.Equal(GoFloat.TryParse(text, out var plain), UnitText.TryFloat(Encoding.ASCII.GetBytes(text), out var quick));
            Assert.Equal(plain, quick);
        }
    }

    private static IReadOnlyList<LogStage> Stages(string query) =>
        Assert.IsType<LogQueryExpr>(LogParser.Parse("{app=\"shop\"} " + query)).Stages;

    private static (byte[] Block, List<int> Ends) Block(Random random, int lines)
    {
        var block = new List<byte>();
        var ends = new List<int>();
        for (var i = 0; i < lines; i++)
        {
            var line = Encoding.UTF8.GetBytes(Blank(random) + Object(random, 0) + Blank(random));
            for (var mistakes = random.Next(4) == 0 ? random.Next(1, 3) : 0; mistakes > 0; mistakes--)
            {
                line[random.Next(line.Length)] = (byte)"\"\\{}[],: a1\u0080"[random.Next(12)];
            }
            block.AddRange(line.AsSpan(0, random.Next(10) == 0 ? random.Next(line.Length) : line.Length));
            ends.Add(block.Count);
            block.Add((byte)'\n');
        }
        return ([.. block], ends);
    }

    private static string Object(Random random, int depth)
    {
        var text = new StringBuilder("{").Append(Blank(random));
        var count = random.Next(6);
        for (var i = 0; i < count; i++)
        {
            var value = depth < 3 && random.Next(6) == 0 ? Object(random, depth + 1) : Values[random.Next(Values.Length - (random.Next(4) == 0 ? 0 : 5))];
            text.Append(i > 0 ? "," : "").Append(Blank(random)).Append('"').Append(Keys[random.Next(Keys.Length)]).Append('"').Append(Blank(random)).Append(':')
                .Append(Blank(random)).Append(value).Append(Blank(random));
        }
        return text.Append('}').ToString();
    }

    private static string Blank(Random random) => Blanks[random.Next(Blanks.Length)];
}
