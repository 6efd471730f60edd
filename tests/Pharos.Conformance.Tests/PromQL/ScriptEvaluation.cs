using System.Text.RegularExpressions;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>An <c>eval</c> command, read.</summary>
internal sealed partial class ScriptEvaluation
{
    private ScriptEvaluation(string expr, StepGrid grid, bool instant)
    {
        Expr = expr;
        Grid = grid;
        Instant = instant;
    }

    public string Expr { get; }

    public StepGrid Grid { get; private set; }

    public bool Instant { get; }

    public bool Ordered { get; private set; }

    public bool Fails { get; private set; }

    /// <summary>What an annotation or failure must say; null says anything.</summary>
    public List<(string Kind, Func<string, bool> Matches)> Expectations { get; } = [];

    public List<SeriesLine> Series { get; } = [];

    public double? Scalar { get; private set; }

    public string? Text { get; private set; }

    /// <summary>The times of an expected matrix.</summary>
    public StepGrid? MatrixGrid { get; private set; }

    public static ScriptEvaluation Read(ScriptCommand command)
    {
        var instant = InstantLine().Match(command.First);
        ScriptEvaluation evaluation;
        string legacy;
        if (instant.Success)
        {
            var at = Time(instant.Groups[2].Value);
            evaluation = new ScriptEvaluation(instant.Groups[3].Value, new StepGrid(at, at, 0), instant: true);
            legacy = instant.Groups[1].Value;
        }
        else
        {
            var range = RangeLine().Match(command.First);
            evaluation = new ScriptEvaluation(range.Groups[5].Value,
                new StepGrid(Time(range.Groups[2].Value), Time(range.Groups[3].Value), Time(range.Groups[4].Value)), false);
            legacy = range.Groups[1].Value;
        }
        evaluation.Fails = legacy == "fail";
        evaluation.Ordered = legacy == "ordered";
        if (legacy is "warn" or "info")
        {
            evaluation.Expectations.Add((legacy, static _ => true));
        }
        foreach (var line in command.Rest)
        {
            evaluation.Line(line);
        }
        return evaluation;
    }

    public static long Time(string text)
    {
        var negative = text.StartsWith('-');
        return PrometheusDuration.TryParse(text.TrimStart('-', '+'), out var time)
            ? (negative ? -1 : 1) * (long)time.TotalMilliseconds
            : (long)(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) * 1000);
    }

    private void Line(string line)
    {
        if (MatrixLine().Match(line) is { Success: true } matrix)
        {
            MatrixGrid = new StepGrid(Time(matrix.Groups[1].Value), Time(matrix.Groups[2].Value), Time(matrix.Groups[3].Value));
            Grid = new StepGrid(MatrixGrid.Value.EndMs, MatrixGrid.Value.EndMs, 0);
        }
        else if (line.StartsWith("expect string ", StringComparison.Ordinal))
        {
            Text = GoQuote.TryUnquote(line["expect string ".Length..].Trim(), out var text) ? text : throw new FormatException(line);
        }
        else if (ExpectLine().Match(line) is { Success: true } expect)
        {
            Expect(expect.Groups[1].Value, expect.Groups[2].Value, expect.Groups[3].Value.Trim());
        }
        else if (line.StartsWith("expected_fail_message ", StringComparison.Ordinal))
        {
            Expect("fail", "msg", line["expected_fail_message ".Length..].Trim());
        }
        else if (line.StartsWith("expected_fail_regexp ", StringComparison.Ordinal))
        {
            Expect("fail", "regex", line["expected_fail_regexp ".Length..].Trim());
        }
        else if (!line.Contains(' ', StringComparison.Ordinal) && !line.Contains('{', StringComparison.Ordinal)
            && line.Split('\t').Length == 1)
        {
            Scalar = SeriesLine.Number(line);
        }
        else
        {
            Series.Add(SeriesLine.Parse(line));
        }
    }

    private void Expect(string kind, string how, string text)
    {
        Ordered |= kind == "ordered";
        Fails |= kind == "fail";
        if (kind is "fail" or "warn" or "info" or "no_warn" or "no_info")
        {
            Func<string, bool> matches = how switch
            {
                "msg" => actual => actual.Trim() == text,
                "regex" => new Func<GoRegex, Func<string, bool>>(regex => regex.IsMatch)(GoRegex.Unanchored(text)),
                _ => static _ => true,
            };
            Expectations.Add((kind, matches));
        }
    }

    [GeneratedRegex(@"^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$")]
    private static partial Regex InstantLine();

    [GeneratedRegex(@"^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$")]
    private static partial Regex RangeLine();

    [GeneratedRegex(@"^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$")]
    private static partial Regex ExpectLine();

    [GeneratedRegex(@"^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$")]
    private static partial Regex MatrixLine();
}
