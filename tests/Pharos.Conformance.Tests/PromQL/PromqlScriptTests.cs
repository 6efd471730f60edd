namespace Pharos.Conformance.Tests.PromQL;

/// <summary>Prometheus' own test scripts, whole, each instant evaluation also fixed by <c>@</c>, at other times, and as the
/// middle of a range.</summary>
public sealed class PromqlScriptTests(ITestOutputHelper output)
{
    private static readonly string Scripts = Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared", "conformance", "promqltest"));

    [Fact]
    public async Task Every_evaluation_passes()
    {
        if (!Directory.Exists(Scripts))
        {
            Assert.Skip($"No conformance scripts in {Scripts}.");
        }
        var problems = new List<string>();
        var summary = new List<string>();
        var (passed, total) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(Scripts, "*.test").Order(StringComparer.Ordinal))
        {
            var results = await new ScriptRunner().Run(file);
            var good = results.Count(result => result.Problem is null);
            passed += good;
            total += results.Count;
            summary.Add($"promqltest: {Path.GetFileName(file)}: {good} of {results.Count} evaluations pass");
            problems.AddRange(results.Where(result => result.Problem is not null).Select(result =>
                $"{Path.GetFileName(file)}:{result.Command.LineNumber}: {result.Command.First}: {result.Problem}"));
        }
        summary.Add($"promqltest: {passed} of {total} evaluations pass");
        summary.ForEach(output.WriteLine);
        problems.ForEach(output.WriteLine);
        Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts"));
        await File.WriteAllLinesAsync(Path.Combine(Checkout.Root, "artifacts", "promqltest-summary.txt"), summary);
        Assert.Empty(problems);
    }
}
