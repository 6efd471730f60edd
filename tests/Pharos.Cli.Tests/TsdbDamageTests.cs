using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Cli.Tests;

public sealed class TsdbDamageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tool_that_sets_a_damaged_block_aside_says_so()
    {
        var block = await SealAsync();
        await File.WriteAllBytesAsync(block, (await File.ReadAllBytesAsync(block))[..^1]);
        var (code, output) = await PharosProcess.RunAsync("tsdb", "list", _folder);
        Assert.Equal(0, code);
        Assert.Contains($"pharos: Metric block {block} is not served", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_names_a_block_that_was_removed()
    {
        var block = await SealAsync();
        File.Delete(block);
        var (_, output) = await PharosProcess.RunAsync("tsdb", "dump", _folder);
        Assert.Contains($"pharos: Metric block {block} is missing", output, StringComparison.Ordinal);
    }

    private async Task<string> SealAsync()
    {
        var metrics = Path.Combine(_folder, "metrics");
        await using var store = MetricStore.OpenWithoutUpkeep(
            new MetricStoreOptions { Directory = metrics, RetentionTime = TimeSpan.Zero }, TimeProvider.System, NullLogger.Instance, new Meter("test"));
        using var appender = store.Appender();
        ulong reference = 0;
        foreach (var hour in (int[])[0, 1, 4])
        {
            appender.Append(ref reference, LabelSet.From(("__name__", "m")), (long)TimeSpan.FromHours(hour).TotalMilliseconds, 1);
        }
        appender.Commit();
        store.RunMaintenance();
        return Path.Combine(metrics, "blocks", "00000001.block");
    }
}
