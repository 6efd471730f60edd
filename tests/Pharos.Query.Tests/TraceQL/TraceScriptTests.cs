using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Query.Tests.TraceQL;

/// <summary>TraceQL's scripts, whose expectations are worked out by hand.</summary>
public sealed class TraceScriptTests(ITestOutputHelper output)
{
    private const int FewestEvaluations = 300;

    private static string Folder
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at!.FullName, "Pharos.slnx")))
            {
                at = at.Parent;
            }
            return Path.Combine(at.FullName, "tests", "Pharos.Query.Tests", "TraceQL", "scripts");
        }
    }

    [Fact]
    public Task Every_evaluation_passes_on_lists() => RunAsync(static () => (new MemoryTraceStore(), static () => { }));

    /// <summary>Some in the head and in the log, or all of what each load wrote in blocks.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_evaluation_passes_on_disk(bool sealsEachLoad)
    {
        var folder = Directory.CreateTempSubdirectory("pharos-tracetest-").FullName;
        using var meter = new Meter("test");
        var stores = 0;
        try
        {
            await RunAsync(() =>
            {
                var options = new TraceStoreOptions { Directory = Path.Combine(folder, $"{stores++}") };
                var store = TraceStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
                void Flush()
                {
                    if (sealsEachLoad)
                    {
                        store.Flush(CancellationToken.None);
                    }
                }
                return (store, Flush);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(Func<(ITraceStore Store, Action Flush)> open)
    {
        var passed = 0;
        var problems = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.tracetest").Order(StringComparer.Ordinal))
        {
            var (store, flush) = open();
            await using (store)
            {
                var script = new TraceScript(store, flush);
                await script.RunAsync(file);
                passed += script.Passed;
                problems.AddRange(script.Problems);
            }
        }
        output.WriteLine($"tracetest: {passed} evaluations pass, {problems.Count} do not");
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.True(passed >= FewestEvaluations, $"only {passed} evaluations");
    }
}
