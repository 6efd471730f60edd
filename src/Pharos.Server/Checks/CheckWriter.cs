using System.Text.Json;
using Pharos.Server.Configuration;

namespace Pharos.Server.Checks;

/// <summary>Writes a compatibility report for people, for scripts, or for code scanning.</summary>
public static class CheckWriter
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(CompatibilityReport report, CheckFormat format, TextWriter output)
    {
        switch (format)
        {
            case CheckFormat.Json:
                output.WriteLine(JsonSerializer.Serialize(ToJson(report), Json));
                break;
            case CheckFormat.Sarif:
                output.WriteLine(JsonSerializer.Serialize(ToSarif(report), Json));
                break;
            default:
                WriteText(report, output);
                break;
        }
    }

    private static void WriteText(CompatibilityReport report, TextWriter output)
    {
        foreach (var file in report.Files)
        {
            var kind = ConfigFolder.Describe(file.Kind);
            if (file.Unreadable is { } reason)
            {
                output.WriteLine($"{file.File}: {kind}: cannot be read: {reason}");
                continue;
            }
            var wrong = file.Problems.Count(problem => problem.Severity == ConfigSeverity.Error);
            output.WriteLine($"{file.File}: {kind}: {file.Honoured.Count} keys honoured, " +
                $"{file.NotHonoured.Count()} accepted and not honoured, {wrong} errors");
            foreach (var problem in file.Problems)
            {
                output.WriteLine($"  {problem}");
            }
        }
    }

    private static object ToJson(CompatibilityReport report) => new
    {
        exitCode = report.ExitCode,
        files = report.Files.Select(file => new
        {
            file = file.File,
            kind = JsonNamingPolicy.CamelCase.ConvertName(file.Kind.ToString()),
            unreadable = file.Unreadable,
            honoured = file.Honoured.Keys.Order(StringComparer.Ordinal),
            problems = file.Problems.Select(problem => new
            {
                severity = Level(problem),
                kind = JsonNamingPolicy.CamelCase.ConvertName(problem.Kind.ToString()),
                line = problem.Line,
                column = problem.Column,
                path = problem.Path,
                message = problem.Message,
            }),
        }),
    };

    /// <summary>SARIF 2.1.0, docs.oasis-open.org/sarif/sarif/v2.1.0.</summary>
    private static Dictionary<string, object> ToSarif(CompatibilityReport report) => new()
    {
        ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
        ["version"] = "2.1.0",
        ["runs"] = new[]
        {
            new
            {
                tool = new { driver = new { name = "pharos check", rules = Enum.GetNames<ConfigProblemKind>().Select(id => new { id }) } },
                results = report.Files.SelectMany(Results),
            },
        },
    };

    private static IEnumerable<object> Results(ConfigFileReport file)
    {
        if (file.Unreadable is { } reason)
        {
            return [Result(file.File, ConfigProblemKind.Wrong, "error", $"cannot be read: {reason}", 1, 1)];
        }
        return file.Problems.Select(problem => Result(problem.File, problem.Kind,
            problem.Severity == ConfigSeverity.Information ? "note" : Level(problem),
            problem.Path.Length > 0 ? $"{problem.Path}: {problem.Message}" : problem.Message,
            Math.Max(1, problem.Line), Math.Max(1, problem.Column)));
    }

    private static object Result(string file, ConfigProblemKind kind, string level, string message, int line, int column) => new
    {
        ruleId = kind.ToString(),
        level,
        message = new { text = message },
        locations = new[]
        {
            new
            {
                physicalLocation = new
                {
                    artifactLocation = new { uri = file.Replace('\\', '/') },
                    region = new { startLine = line, startColumn = column },
                },
            },
        },
    };

    private static string Level(ConfigProblem problem) => problem.Severity.ToString().ToLowerInvariant();
}
