using System.Text;
using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Checks;
using Pharos.Server.Checks.Rules;

namespace Pharos.Conformance.Tests.Tools;

/// <summary>Generated rule files, mostly a little wrong, to the real <c>promtool check rules</c> and to ours.</summary>
/// <remarks>Promtool 2.42 ends a wrong file with an empty line, 3 does not: empty lines are not compared. The type of a rule has another
/// name, and a wrong regular expression is shown with its anchors in 2.42.</remarks>
public sealed class RuleCheckDifferentialTests : IDisposable
{
    private const string Promtool = "/usr/bin/promtool";
    private const int Seed = 815;

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("PHAROS_TOOL_CASES"), out var more) ? more : 40;

    private static readonly string[] Exprs =
    [
        "up == 0", "sum(rate(x[5m])) by (job)", "job:a > 0.5", "1 +", "sum(", "foo{a=\"b\"", "rate(x)", "up{a=~\"(\"}", "nosuch(x)", "''", "x[5m]",
    ];

    private static readonly string[] Texts =
    [
        "plain", "{{ $value }}", "{{ $labels.instance | title }}", "{{ $label }}", "{{ .Value", "{{ nosuch 1 }}", "{{ range query \"up\" }}x{{ end }}",
        "{{ humanize \"a\" }}", "100%", "{{ if }}x{{ end }}",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("duplicate-rules", false)]
    [InlineData("none", true)]
    [InlineData("all", true)]
    public async Task Both_say_the_same(string lint, bool fatal)
    {
        PeerProcess.Need(Promtool);
        var random = new Random(Seed);
        var files = Enumerable.Range(0, Count).Select(i => Path.Combine(_folder, $"{i}.yml")).ToList();
        foreach (var file in files)
        {
            await File.WriteAllTextAsync(file, Text(random), TestContext.Current.CancellationToken);
        }
        string[] flags = fatal ? ["check", "rules", $"--lint={lint}", "--lint-fatal"] : ["check", "rules", $"--lint={lint}"];

        var differences = new List<string>();
        foreach (var file in files)
        {
            var (expectedCode, expectedOutput, expectedErrors) = await PeerProcess.RunWithInputAsync(Promtool, "", [.. flags, file]);
            StringWriter output = new(), errors = new();
            var check = new RuleFileCheck(LintSettings.ForRules(lint, fatal, output), ignoreUnknownFields: false, output, errors);
            check.CheckFiles([file]);
            if ((check.ExitCode, Comparable(output.ToString()), Comparable(errors.ToString()))
                != (expectedCode, Comparable(expectedOutput), Comparable(expectedErrors)))
            {
                var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
                differences.Add($"--- {text}\n--- promtool {expectedCode}\n{expectedOutput}{expectedErrors}"
                    + $"--- pharos {check.ExitCode}\n{output}{errors}");
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {Count}:\n{string.Join('\n', differences.Take(8))}");
    }

    private static string Comparable(string text) => string.Join('\n', text
        .Replace("rulefmt.RuleNode", "rulefmt.Rule", StringComparison.Ordinal).Replace("`^(?:()$`", "`(`", StringComparison.Ordinal)
        .Split('\n').Where(static line => line.Length > 0));

    private static string Text(Random random)
    {
        var text = new StringBuilder("groups:\n");
        for (var groups = random.Next(1, 3); groups > 0; groups--)
        {
            text.Append($"  - name: {Pick(random, $"g{groups}", "same", "\"\"")}\n");
            text.Append(random.Next(8) == 0 ? "    interval: 1m\n" : "");
            text.Append(random.Next(30) == 0 ? "    colour: red\n" : "");
            text.Append(random.Next(8) == 0 ? "    limit: 5\n" : "");
            text.Append("    rules:\n");
            for (var rules = random.Next(1, 4); rules > 0; rules--)
            {
                Rule(random, text);
            }
        }
        return text.ToString();
    }

    private static void Rule(Random random, StringBuilder text)
    {
        var alert = random.Next(2) == 0;
        var other = random.Next(20);
        text.Append(other switch
        {
            0 => "      - expr_: 1\n        ",
            1 => "      - record: both\n        alert: Both\n        ",
            _ => alert ? $"      - alert: Alert{random.Next(4)}\n        " : $"      - record: job:rec{random.Next(3)}:sum\n        ",
        });
        text.Append(random.Next(25) == 0 ? "" : $"expr: {Exprs[random.Next(5) > 0 ? random.Next(3) : random.Next(Exprs.Length)]}\n        ");
        text.Append(random.Next(alert ? 3 : 20) == 0 ? "for: 5m\n        " : "");
        Map(random, text, "labels", alert ? 3 : 5);
        Map(random, text, "annotations", alert ? 2 : 30);
        text.Length -= "        ".Length;
    }

    private static void Map(Random random, StringBuilder text, string key, int once)
    {
        if (random.Next(once) > 0)
        {
            return;
        }
        var value = Texts[random.Next(3) > 0 ? random.Next(3) : random.Next(Texts.Length)];
        text.Append($"{key}:\n          {Pick(random, "severity", "team", "bad")}: '{value}'\n        ");
    }

    private static string Pick(Random random, string usual, string other, string fault) => random.Next(25) switch
    {
        0 => fault,
        < 8 => other,
        _ => usual,
    };
}
