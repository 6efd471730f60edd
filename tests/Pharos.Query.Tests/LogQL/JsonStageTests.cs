using System.Text;
using System.Text.Json;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Pipeline.Probing;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.LogQL;

/// <summary>A stage that knows fields by the bytes around them finds what one finds that reads every name.</summary>
public sealed class JsonStageTests
{
    private static readonly string[][] Wanted =
        [["a"], ["a", "b"], ["a_b"], ["a_extracted"], ["_a", "status"], ["a", "b", "nothing"], ["status"], ["app", "app_extracted"], ["__error__", "a"]];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Known_fields_are_those_that_are_read(int seed)
    {
        var random = new Random(seed);
        var lines = new SomeJsonLines(random);
        var stages = Assert.IsType<LogQueryExpr>(LogParser.Parse("{app=\"shop\"} | json")).Stages;
        var (found, errors) = (0, 0);
        for (var round = 0; round < 500; round++)
        {
            var wanted = Wanted[random.Next(Wanted.Length)];
            var stopsEarly = random.Next(2) == 0;
            var (text, ends) = lines.Block(40);
            var pipeline = new LogPipeline(stages, TimeProvider.System, wanted, stopsEarly);
            var all = new LogPipeline(stages, TimeProvider.System, null);
            var stream = random.Next(4) == 0 ? LabelSet.From(("app", "shop"), ("a", "taken")) : LabelSet.From(("app", "shop"));
            pipeline.Labels.BeginStream(stream);
            all.Labels.BeginStream(stream);
            for (var row = 0; row < ends.Count; row++)
            {
                var start = row == 0 ? 0 : ends[row - 1] + 1;
                var fresh = new LogPipeline(stages, TimeProvider.System, wanted, stopsEarly);
                fresh.Labels.BeginStream(stream);
                var read = Run(fresh, text.AsSpan(start, ends[row] - start), wanted);
                var known = Run(pipeline, text.AsSpan(start, ends[row] - start), wanted);
                var what = $"seed {seed}: {string.Join(',', wanted)} of {Encoding.UTF8.GetString(text, start, ends[row] - start)}";
                Assert.True(read == known, $"{what}\n{read}\nand not\n{known}");
                var whole = Run(all, text.AsSpan(start, ends[row] - start), wanted);
                errors += all.Labels.HasError ? 1 : 0;
                if (!IsJson(text.AsSpan(start, ends[row] - start)))
                {
                    // What is wrong inside an object that nobody wants may be seen or not.
                    continue;
                }
                Assert.True(whole == known, $"{what}\n{whole}\nand not\n{known}");
                found += known.Contains("=[", StringComparison.Ordinal) ? 1 : 0;
            }
        }
        Assert.True(found > 1000 && errors > 1000, $"{found} lines with a label and {errors} with an error: the test tells nothing");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ends_are_those_that_are_found_byte_by_byte(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new byte[random.Next(120)];
            var letters = random.Next(3) switch { 0 => "ab\"\\", 1 => "aaaaaaaaaaaaaaaaaaaaaaaa\"\\", _ => "0123456789012345678901234567.-/,:}" };
            foreach (ref var letter in text.AsSpan())
            {
                letter = (byte)letters[random.Next(letters.Length)];
            }
            var end = random.Next(text.Length + 1);
            var at = random.Next(end + 1);
            var isEscaped = false;
            var plain = JsonBytes.PlainTextEnd(text, at, end, ref isEscaped);
            Assert.Equal((plain, isEscaped), (JsonBytes.TextEnd(text, at, end, out var isFoundEscaped), isFoundEscaped));
            Assert.Equal(JsonBytes.PlainDigitsEnd(text, at, end), JsonBytes.DigitsEnd(text, at, end));
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Run(LogPipeline pipeline, ReadOnlySpan<byte> text, string[] wanted)
    {
        pipeline.Labels.BeginLine();
        var line = new LogLine(text, 1, pipeline.Labels);
        pipeline.Run(ref line);
        var labels = new StringBuilder();
        foreach (var name in wanted)
        {
            labels.Append(name).Append(pipeline.Labels.TryGet(pipeline.Keys.Pin(name), out var value) ? $"=[{Encoding.UTF8.GetString(value)}]" : "").Append(' ');
        }
        return labels.ToString();
    }
}
