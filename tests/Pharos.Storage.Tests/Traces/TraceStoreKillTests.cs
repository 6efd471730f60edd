using System.Diagnostics;
using System.Globalization;
using TraceFilter = Pharos.Storage.Traces.Search.TraceFilter;

namespace Pharos.Storage.Tests.Traces;

public sealed class TraceStoreKillTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_missing_and_nothing_is_twice_after_ten_kills()
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(20_267);
        var known = 0;
        for (var round = 0; round < 10; round++)
        {
            var acknowledged = await RunUntilKilled(directory.Path, known + 1, random.Next(1, 400));
            known = CheckWholeBatches(directory.Path, acknowledged);
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
            start.ArgumentList.Add(typeof(TraceCrashWriter).Assembly.Location);
        }
        start.Environment[TraceCrashWriter.DirectoryVariable] = directory;
        start.Environment[TraceCrashWriter.FirstVariable] = first.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>Every batch up to the last acknowledged one is there once and whole.</summary>
    private static int CheckWholeBatches(string directory, int acknowledged)
    {
        var store = Make.Open(TraceCrashWriter.Options(directory));
        var found = store.Spans(new TraceFilter(), CancellationToken.None).Select(Make.Describe).Order(StringComparer.Ordinal).ToArray();
        var count = found.Length / TraceCrashWriter.Spans;
        Assert.Equal(Enumerable.Range(1, count).SelectMany(TraceCrashWriter.Batch).Select(Make.Describe).Order(StringComparer.Ordinal), found);
        Assert.True(count >= acknowledged, $"{acknowledged} batches were acknowledged, {count} are there");
        store.Close();
        return count;
    }
}
