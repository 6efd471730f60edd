using System.Globalization;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>Prometheus' own test scripts. What does not pass yet stands in PromQL/exclusions.txt, line by line.</summary>
public sealed class PromqlScriptTests(ITestOutputHelper output)
{
    private static readonly string Root = FindRoot();
    private static readonly string Scripts = Path.GetFullPath(Path.Combine(Root, "..", "shared", "conformance", "promqltest"));
    private static readonly string Exclusions =
        Path.Combine(Root, "tests", "Pharos.Conformance.Tests", "PromQL", "exclusions.txt");

    [Fact]
    public void Every_evaluation_passes_but_those_listed_and_every_listed_one_still_fails()
    {
        if (!Directory.Exists(Scripts))
        {
            Assert.Skip($"No conformance scripts in {Scripts}.");
        }
        var excluded = File.ReadLines(Exclusions).Where(line => line.Length > 0 && line[0] != '#')
            .ToDictionary(line => line.Split(' ', 2)[0], line => line.Split(' ', 2)[1], StringComparer.Ordinal);
        var problems = new List<string>();
        var listing = new List<string>();
        var summary = new List<string>();
        var (passed, total) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(Scripts, "*.test").Order(StringComparer.Ordinal))
        {
            var results = new ScriptRunner(new MemoryMetricStore()).Run(file);
            var good = results.Count(result => result.Problem is null);
            passed += good;
            total += results.Count;
            summary.Add($"promqltest: {Path.GetFileName(file)}: {good} of {results.Count} evaluations pass");
            foreach (var (command, problem) in results)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}:{command.LineNumber}");
                if (problem is not null)
                {
                    listing.Add($"{key} {Reason(command, problem)}");
                    output.WriteLine($"{key}: {command.First}: {problem}");
                }
                if (problem is null == excluded.ContainsKey(key))
                {
                    problems.Add(problem is null ? $"{key} passes now: take it off the list" : $"{key}: {problem}");
                }
            }
        }
        summary.Add($"promqltest: {passed} of {total} evaluations pass");
        summary.ForEach(output.WriteLine);
        Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        File.WriteAllLines(Path.Combine(Root, "artifacts", "promqltest-summary.txt"), summary);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllLines(Exclusions,
                ["# Evaluations of Prometheus' scripts that do not pass yet: FILE:LINE REASON. The list only shrinks.", .. listing]);
            return;
        }
        Assert.Empty(problems);
    }

    private static string Reason(ScriptCommand command, string problem)
    {
        var text = command.First;
        return text.Contains("anchored", StringComparison.Ordinal) || text.Contains("smoothed", StringComparison.Ordinal)
            ? "anchored and smoothed ranges"
            : text.Contains("fill", StringComparison.Ordinal) ? "fill modifiers"
            : text.Contains("info(", StringComparison.Ordinal) ? "info()"
            : problem.Contains("start_timestamp", StringComparison.Ordinal) ? "start timestamps"
            : problem.Contains("histogram", StringComparison.Ordinal) || text.Contains("histogram", StringComparison.Ordinal)
                ? "native histograms" : "differs";
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pharos.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Pharos.slnx above the test's folder.");
    }
}
