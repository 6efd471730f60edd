using Pharos.Fuzz.Execution;
using Pharos.Fuzz.Targets;

namespace Pharos.Fuzz.Tests;

/// <summary>Replays what the repository keeps for each parser: inputs to begin with, and all that once broke one.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    public static TheoryData<string> Targets => [.. AllTargets.Create().Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_is_taken_or_refused_within_its_limits(string name)
    {
        var target = AllTargets.Named(name).Single();
        var problems = new List<string>();
        var count = 0;
        Executor.OnSmallStack(() =>
        {
            var executor = new Executor(target);
            foreach (var (file, bytes) in Corpus.Inputs(target))
            {
                var verdict = executor.Run(bytes);
                count++;
                if (verdict.Problem is not null)
                {
                    problems.Add($"{file}: {verdict.Problem}: {verdict.Detail}");
                }
            }
        });
        output.WriteLine($"{count} inputs");
        Assert.NotEqual(0, count);
        Assert.Empty(problems);
    }
}
