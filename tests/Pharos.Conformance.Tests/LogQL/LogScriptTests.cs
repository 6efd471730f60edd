using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Logs;
using Pharos.Storage.Wal;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>LogQL's scripts, whose expectations are worked out by hand, on a store that does nothing cleverly and on the real one.</summary>
public sealed class LogScriptTests(ITestOutputHelper output)
{
    private const int FewestEvaluations = 600;

    private static string Folder => Path.Combine(Checkout.Root, "tests", "Pharos.Conformance.Tests", "LogQL", "scripts");

    [Theory]
    [InlineData(1000)]
    [InlineData(2)]
    public Task Every_evaluation_passes_on_lists(int rowsPerBlock) => RunAsync(() => (new NaiveLogStore(rowsPerBlock), static () => { }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_evaluation_passes_on_the_store(bool isSealed)
    {
        var folder = Directory.CreateTempSubdirectory("pharos-logql").FullName;
        using var meter = new Meter("logtest");
        try
        {
            var number = 0;
            await RunAsync(() =>
            {
                var options = new LogStoreOptions { Directory = Path.Combine(folder, $"{number++}"), Fsync = FsyncPolicy.None, PoisonsRows = true };
                var store = LogStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
                return (store, isSealed ? () => store.Flush(CancellationToken.None) : static () => { });
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(Func<(ILogStore Store, Action Flush)> open)
    {
        var passed = 0;
        var problems = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.logtest").Order(StringComparer.Ordinal))
        {
            var (store, flush) = open();
            await using (store)
            {
                var script = new LogScript(store, flush);
                await script.RunAsync(file);
                passed += script.Passed;
                problems.AddRange(script.Problems);
            }
        }
        output.WriteLine($"logtest: {passed} evaluations pass, {problems.Count} do not");
        Assert.Empty(problems);
        Assert.True(passed >= FewestEvaluations, $"only {passed} evaluations");
    }
}
