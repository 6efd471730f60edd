using System.Globalization;
using System.Text.Json;

namespace Pharos.Server.Tests.Api.Loki;

[Collection(WholeHeap.Name)]
public sealed class ManyStreamsTests(ITestOutputHelper output)
{
    private const int Streams = 100_000;
    private const int StreamsPerPush = 5_000;

    /// <summary>A trace's id as a label: what makes a Loki keep a chunk in memory, and later an object, for each line.</summary>
    [Fact]
    public async Task A_hundred_thousand_streams_of_one_line_take_few_files_and_bounded_memory()
    {
        await using var stage = await LokiStage.StartAsync(
            "auth_enabled: false\nlimits_config: {ingestion_rate_mb: 1000, ingestion_burst_size_mb: 1000}\n");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var first = 0; first < Streams; first += StreamsPerPush)
        {
            var streams = Enumerable.Range(first, StreamsPerPush).Select(i =>
                $$$"""{"stream":{"job":"a","trace_id":"{{{IdOf(i)}}}"},"values":[["{{{LokiStage.Text(stage.BaseNs + i)}}}","line {{{LokiStage.Text(i)}}}"]]}""");
            var (status, body) = await stage.Server.PostJsonAsync("/loki/api/v1/push", $$"""{"streams":[{{string.Join(',', streams)}}]}""");
            Assert.True(status == 204, body);
        }
        var perStream = (GC.GetTotalMemory(forceFullCollection: true) - before) / Streams;
        var files = Files(stage);
        Assert.Equal(204, (await stage.Server.PostJsonAsync("/loki/flush", "")).Status);
        var sealedFiles = Files(stage);
        output.WriteLine($"{perStream} bytes a stream; {files.Count} files, sealed {sealedFiles.Count} of {sealedFiles.Bytes} bytes");

        // Below zero where other tests of the process let more go meanwhile.
        Assert.InRange(perStream, long.MinValue, 4_000);
        Assert.InRange(files.Count, 1, 20);
        Assert.InRange(sealedFiles.Count, 1, 20);
        Assert.InRange(sealedFiles.Bytes, 0, Streams * 300L);
        var (_, stats) = await stage.Server.GetAsync("/loki/api/v1/index/stats?query=" + Uri.EscapeDataString("{job=\"a\"}"));
        var counts = JsonDocument.Parse(stats).RootElement;
        Assert.Equal((Streams, Streams), (counts.GetProperty("streams").GetInt32(), counts.GetProperty("entries").GetInt32()));
        var found = await stage.QueryRangeAsync($"{{trace_id=\"{IdOf(77_777)}\"}}");
        Assert.Equal("line 77777", found.GetProperty("data").GetProperty("result")[0].GetProperty("values")[0][1].GetString());
    }

    private static string IdOf(int stream) => (stream * 2_654_435_761L).ToString("x32", CultureInfo.InvariantCulture);

    private static (int Count, long Bytes) Files(LokiStage stage)
    {
        var files = new DirectoryInfo(Path.Combine(stage.Server.Folder, "data", "logs")).EnumerateFiles("*", SearchOption.AllDirectories).ToList();
        return (files.Count, files.Sum(static file => file.Length));
    }
}
