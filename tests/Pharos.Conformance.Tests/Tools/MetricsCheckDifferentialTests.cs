using System.Text;
using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Checks.Metrics;

namespace Pharos.Conformance.Tests.Tools;

/// <summary>Generated metrics, mostly a little wrong, to the real <c>promtool check metrics</c> and to ours.</summary>
/// <remarks>Promtool 2.42 and 3 differ in what they say of a family's own type in its name, and of metrics that are there twice;
/// the generator keeps away from both. Names in quotes are new in 3.</remarks>
public sealed class MetricsCheckDifferentialTests
{
    private const string Promtool = "/usr/bin/promtool";
    private const int Seed = 4711;

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("PHAROS_TOOL_CASES"), out var more) ? more : 60;

    private static readonly string[] Names =
    [
        "http_requests_total", "latency_seconds", "camelCase", "job:rate", "size_kilobytes", "age_minutes_total", "queue_ms",
        "mem_kb_max", "a", "temp_fahrenheit", "lat_seconds_count", "lat_seconds_sum", "x_bucket", "miles_run", "up",
    ];

    private static readonly string[] Types = ["counter", "gauge", "summary", "histogram", "untyped", "COUNTER", "unknown", "3", "info"];
    private static readonly string[] Values = ["1", "0", "-1.5e3", "NaN", "+Inf", "1_0", "0x1p3", "abc", "", "1e400"];
    private static readonly string[] Labels = ["a", "b", "le", "quantile", "camelCase", "__name__", "1x", ""];

    [Fact]
    public async Task Both_say_the_same()
    {
        PeerProcess.Need(Promtool);
        var random = new Random(Seed);
        var differences = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var text = Text(random);
            var (expectedCode, expectedOutput, expectedErrors) = await PeerProcess.RunWithInputAsync(Promtool, text, "check", "metrics");
            StringWriter output = new(), errors = new();
            using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
            var exitCode = await MetricsCheck.RunAsync(input, lint: true, extended: false, output, errors, TestContext.Current.CancellationToken);
            if ((exitCode, output.ToString(), errors.ToString()) != (expectedCode, expectedOutput, expectedErrors))
            {
                differences.Add($"--- {i}\n{text}\n--- promtool {expectedCode}\n{expectedOutput}{expectedErrors}--- pharos {exitCode}\n{output}{errors}");
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {Count}:\n{string.Join('\n', differences.Take(5))}");
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        foreach (var name in Names.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList())
        {
            if (random.Next(4) > 0)
            {
                text.Append($"# HELP {name} {Pick(random, "help", "", "with \\\\ and \\n", "bad \\x", 20)}\n");
            }
            if (random.Next(4) > 0)
            {
                text.Append($"# TYPE {name} {Types[random.Next(8) > 0 ? random.Next(6) : random.Next(Types.Length)]}\n");
            }
            for (var lines = random.Next(4); lines > 0; lines--)
            {
                text.Append(Line(random, name, lines)).Append(random.Next(60) == 0 ? "" : "\n");
            }
        }
        return text.ToString();
    }

    private static string Line(Random random, string name, int distinct)
    {
        var suffix = random.Next(3) == 0 ? Pick(random, "_sum", "_count", "_bucket", "_max", 1) : "";
        var labels = new StringBuilder($"n=\"{distinct}\"");
        for (var more = random.Next(3); more > 0; more--)
        {
            var label = Labels[random.Next(12) > 0 ? random.Next(5) : random.Next(Labels.Length)];
            labels.Append(Pick(random, ",", ", ", " ,", ";", 30)).Append(label).Append(label.Length == 0 ? "=" : Pick(random, "=", " = ", "= ", "", 30))
                .Append(random.Next(40) == 0 ? "x" : $"\"{Pick(random, "1", "0.5", "+Inf", "a\\q", 30)}\"");
        }
        return $"{Pick(random, "", " ", "\t", "%", 40)}{name}{suffix}{Pick(random, "{", " {", "{ ", "", 40)}{labels}{Pick(random, "}", " }", ",}", "", 40)}"
            + $"{Pick(random, " ", "\t", "  ", "", 40)}{Values[random.Next(10) > 0 ? random.Next(5) : random.Next(Values.Length)]}"
            + Pick(random, "", " 1234", " -5 ", " 12x", 40);
    }

    /// <summary>The first mostly, the next two at times, the last (a fault) once in so many.</summary>
    private static string Pick(Random random, string usual, string second, string third, string fault, int once) =>
        random.Next(once) == 0 ? fault : random.Next(4) switch { 0 => second, 1 => third, _ => usual };
}
