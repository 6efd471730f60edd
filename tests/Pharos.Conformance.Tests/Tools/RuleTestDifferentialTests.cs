using System.Globalization;
using System.Text;
using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Checks.RuleTests;

namespace Pharos.Conformance.Tests.Tools;

/// <summary>Generated tests of rules, some of which fail, to the real <c>promtool test rules</c> and to ours.</summary>
/// <remarks>Series have odd intervals: Prometheus 2 and 3 differ in the left edge of a window, and of the lookback.</remarks>
public sealed class RuleTestDifferentialTests : IDisposable
{
    private const string Promtool = "/usr/bin/promtool";
    private const int Seed = 2026;

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("PHAROS_TOOL_CASES"), out var more) ? more : 50;

    private static readonly string[] Exprs =
    [
        "up", "sum(up)", "job:up:sum", "reqs_total", "increase(reqs_total[210s])", "count by (job) (up)", "ALERTS", "1 + 1", "absent(nope)", "up ==",
        "\"text\"", "rate(up)", "vector(0) / 0", "ALERTS_FOR_STATE", "topk(1, reqs_total)", "up[5m]",
    ];

    /// <summary>No two of one test are the same: their order would be chance.</summary>
    private static readonly string[] Series =
        ["", "{}", "job:up:sum{job=\"j\"}", "reqs_total{job=\"j\"}", "up{instance=\"a\", job=\"j\"}", "{job=\"j\"}"];

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-rule-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Both_say_the_same()
    {
        PeerProcess.Need(Promtool);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rules.yml"), """
            groups:
              - name: g
                rules:
                  - record: job:up:sum
                    expr: sum by (job) (up)
                  - alert: Down
                    expr: up == 0
                    for: 2m
                    labels: {severity: page}
                    annotations: {summary: '{{ $labels.instance }} is {{ $value }}', other: '{{ $externalLabels.site }}'}
                  - alert: Busy
                    expr: increase(reqs_total[150s]) > 10
            """, TestContext.Current.CancellationToken);
        var random = new Random(Seed);
        var differences = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var path = Path.Combine(_folder, $"test{i}.yml");
            var text = Text(random);
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
            var (expectedCode, expectedOutput, expectedErrors) = await PeerProcess.RunWithInputAsync(Promtool, "", "test", "rules", path);
            StringWriter output = new(), errors = new();
            var exitCode = await new RuleTestRun(new RuleTestOptions(), TimeProvider.System, output, errors)
                .RunAsync([path], TestContext.Current.CancellationToken);
            if ((exitCode, output.ToString(), errors.ToString()) != (expectedCode, expectedOutput, expectedErrors))
            {
                differences.Add($"--- {text}\n--- promtool {expectedCode}\n{expectedOutput}{expectedErrors}--- pharos {exitCode}\n{output}{errors}");
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {Count}:\n{string.Join('\n', differences.Take(8))}");
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder("rule_files: [rules.yml]\n");
        text.Append(random.Next(3) == 0 ? "evaluation_interval: 30s\n" : "evaluation_interval: 1m\n").Append("tests:\n");
        for (var tests = random.Next(1, 3); tests > 0; tests--)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - interval: {(random.Next(4) == 0 ? "31s" : "49s")}\n");
            text.Append(random.Next(2) == 0 ? $"    name: t{tests}\n" : "").Append(random.Next(3) == 0 ? "    external_labels: {site: here}\n" : "");
            text.Append("    input_series:\n");
            foreach (var instance in (string[])["a", "b"])
            {
                text.Append($"      - series: 'up{{job=\"j\",instance=\"{instance}\"}}'\n        values: '{Values(random, "1", "0")}'\n");
            }
            var job = random.Next(40) == 0 ? "\"" : "j";
            text.Append($"      - series: 'reqs_total{{job=\"{job}\"}}'\n        values: '{Values(random, "0+10x9", "5+1x4")}'\n");
            if (random.Next(2) == 0)
            {
                Alerts(random, text);
            }
            Queries(random, text);
        }
        return text.ToString();
    }

    /// <summary>Nothing at the start, five minutes after which a rule is evaluated.</summary>
    private static string Values(Random random, params string[] some) => "_ " + string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        random.Next(12) switch
        {
            0 => "_",
            1 => "stale",
            2 => "_x2",
            3 => "NaN",
            4 => "1.5",
            5 when random.Next(6) == 0 => "oops",
            < 9 => some[0] + (some[0].Contains('x') ? "" : "x3"),
            _ => some[1],
        }));

    private static void Alerts(Random random, StringBuilder text)
    {
        text.Append("    alert_rule_test:\n");
        for (var tests = random.Next(1, 3); tests > 0; tests--)
        {
            var name = random.Next(3) == 0 ? "Busy" : "Down";
            text.Append(CultureInfo.InvariantCulture, $"      - eval_time: {random.Next(0, 9)}m\n        alertname: {name}\n");
            if (random.Next(2) == 0)
            {
                text.Append($"        exp_alerts:\n          - exp_labels: {{severity: page, job: j, instance: {(random.Next(2) == 0 ? "a" : "b")}}}\n");
                text.Append(random.Next(2) == 0 ? "            exp_annotations: {summary: 'a is 0', other: 'here'}\n" : "");
            }
        }
    }

    private static void Queries(Random random, StringBuilder text)
    {
        text.Append("    promql_expr_test:\n");
        for (var tests = random.Next(1, 4); tests > 0; tests--)
        {
            var expr = Exprs[random.Next(6) > 0 ? random.Next(9) : random.Next(Exprs.Length)];
            text.Append(CultureInfo.InvariantCulture, $"      - expr: '{expr}'\n        eval_time: {random.Next(0, 10)}m\n");
            for (var samples = random.Next(3); samples > 0; samples--)
            {
                text.Append(text.ToString().EndsWith("m\n", StringComparison.Ordinal) ? "        exp_samples:\n" : "");
                text.Append($"          - labels: '{Series[(random.Next(2) * 3) + samples]}'\n");
                text.Append($"            value: {random.Next(6) switch { 0 => "2", 1 => "0", 2 => ".nan", 3 => "1.5e3", _ => "1" }}\n");
            }
        }
    }
}
