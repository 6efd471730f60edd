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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_line_is_dropped_only_where_the_stages_drop_it(int seed)
    {
        var random = new Random(seed);
        var lines = new SomeJsonLines(random);
        var dropped = 0;
        for (var round = 0; round < 800; round++)
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
            var (block, ends) = lines.Block(40);
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
}
