using System.Diagnostics;
using System.Globalization;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricStoreKillTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_missing_after_ten_kills()
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(20_261);
        var known = 0;
        for (var round = 0; round < 10; round++)
        {
            var acknowledged = await RunUntilKilled(directory.Path, known + 1, random.Next(1, 400));
            known = await CheckWholeBatches(directory.Path, acknowledged);
        }
        Assert.True(known > 500, $"only {known} batches in ten rounds");
    }

    /// <summary>Kills the writer after it has acknowledged so many batches; answers the last that it acknowledged.</summary>
    private static async Task<int> RunUntilKilled(string directory, int first, int lines)
    {
        using var writer = Process.Start(StartOf(directory, first))!;
        var last = 0;
        for (var i = 0; i < lines && await writer.StandardOutput.ReadLineAsync() is { } line; i++)
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
        }
        writer.Kill();
        foreach (var line in (await writer.StandardOutput.ReadToEndAsync()).Split('\n')[..^1])
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
        }
        await writer.WaitForExitAsync();
        Assert.True(last >= first, "the writer acknowledged nothing");
        return last;
    }

    private static ProcessStartInfo StartOf(string directory, int first)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CrashWriter).Assembly.Location);
        }
        start.Environment[CrashWriter.DirectoryVariable] = directory;
        start.Environment[CrashWriter.FirstVariable] = first.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>Every series has every batch up to the last acknowledged one, each once, and no series has more than
    /// another: the batch that was under way is there as a whole or not at all.</summary>
    private static async Task<int> CheckWholeBatches(string directory, int acknowledged)
    {
        await using var store = Some.Open(CrashWriter.Options(directory));
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        var all = querier.Select([], CancellationToken.None);
        Assert.Equal(CrashWriter.SeriesCount, all.Count);
        var counts = new HashSet<int>();
        foreach (var series in all)
        {
            var samples = new SampleBuffer();
            series.Read(long.MinValue, long.MaxValue, samples);
            counts.Add(samples.Count);
            for (var i = 0; i < samples.Count; i++)
            {
                Assert.Equal((CrashWriter.TimeOf(i + 1), (double)(i + 1)), (samples.Timestamps[i], samples.Values[i]));
            }
        }
        var count = Assert.Single(counts);
        Assert.True(count >= acknowledged, $"{acknowledged} batches were acknowledged, {count} are there");
        return count;
    }
}
