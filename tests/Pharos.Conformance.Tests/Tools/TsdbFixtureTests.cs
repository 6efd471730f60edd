using Pharos.Conformance.Tests.Peers;

namespace Pharos.Conformance.Tests.Tools;

/// <summary>promtool's fixtures of dumps (cmd/promtool/tsdb_test.go): blocks that we make of their samples are dumped as they say.</summary>
public sealed class TsdbFixtureTests : IDisposable
{
    private const string Folder = "prometheus/cmd/promtool/testdata";
    private const string All = "{__name__=~'(?s:.*)'}";

    private const string Samples = """
        metric{foo="bar",baz="abc"} 1 2 3 4 5
        heavy_metric{foo="bar"} 5 4 3 2 1
        heavy_metric{foo="foo"} 5 4 3 2 1
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-dump-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Samples_are_dumped()
    {
        await CreateAsync(Samples);

        await DumpsAsync("dump-test-1.prom", "dump", $"--match={All}");
        await DumpsAsync("dump-test-1.prom", "dump");
        await DumpsAsync("dump-test-1.prom", "dump", "--match={foo=~'.+'}", "--match={foo=~'.+'}");
        await DumpsAsync("dump-test-1.prom", "dump", $"--match={All}", "--match={baz='abc'}");
        await DumpsAsync("dump-test-1.prom", "dump", "--match={__name__='heavy_metric'}", "--match={baz='abc'}");
        await DumpsAsync("dump-test-2.prom", "dump", "--match={__name__='heavy_metric',foo='foo'}", "--match={__name__='metric'}");
        await DumpsAsync("dump-test-3.prom", "dump", "--match={__name__='metric'}", "--min-time=60000", "--max-time=120000");
        await DumpsAsync("dump-series-1.prom", "dump", "--format=seriesjson");
        await DumpsAsync("dump-series-2.prom", "dump", "--format=seriesjson", "--match={foo='foo'}", "--match={__name__='metric'}");
        await DumpsAsync("dump-series-3.prom", "dump", "--format=seriesjson", "--match={__name__='metric'}");
    }

    [Fact]
    public async Task OpenMetrics_is_dumped()
    {
        await CreateAsync("""
            my_counter{foo="bar",baz="abc"} 1 2 3 4 5
            my_gauge{bar="foo",abc="baz"} 9 8 0 4 7
            """);

        await DumpsAsync("dump-openmetrics-test.prom", "dump-openmetrics");
    }

    [Fact]
    public async Task OpenMetrics_goes_in_and_comes_out()
    {
        const string Name = "dump-openmetrics-roundtrip-test.prom";
        await MakeBlocksAsync(ConformanceFiles.Path($"{Folder}/{Name}"));

        await DumpsAsync(Name, "dump-openmetrics");
    }

    [Fact]
    public async Task A_folder_that_is_imported_twice_is_there_once()
    {
        await CreateAsync(Samples);
        var target = Path.Combine(_folder, "pharos");

        var (_, first) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "import", Blocks, "--data", target);
        var (exitCode, second) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "import", Blocks, "--data", target);

        Assert.Equal(0, exitCode);
        Assert.Contains("imported 15 samples of 3 series", first, StringComparison.Ordinal);
        Assert.Contains("imported 0 samples of 0 series; 15 were there already", second, StringComparison.Ordinal);
        var (_, listed) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "list", target);
        Assert.Equal(2, listed.Split('\n').Count(static line => line.Length > 0));
    }

    [Fact]
    public async Task An_import_that_fails_leaves_nothing()
    {
        await CreateAsync(Samples);
        var target = Path.Combine(_folder, "pharos");
        var chunks = Directory.EnumerateFiles(Blocks, "000001", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(chunks, TestContext.Current.CancellationToken);
        bytes[^6] ^= 0x55;
        await File.WriteAllBytesAsync(chunks, bytes, TestContext.Current.CancellationToken);

        var (exitCode, output) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "import", Blocks, "--data", target);

        Assert.Equal(1, exitCode);
        Assert.Contains("is corrupt at byte", output, StringComparison.Ordinal);
        var (_, dumped) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "dump", target);
        Assert.Empty(dumped);
    }

    private string Blocks => Path.Combine(_folder, "blocks");

    /// <summary>Each value a minute after the one before, from the epoch on.</summary>
    private async Task CreateAsync(string series)
    {
        var lines = series.Split('\n').Select(static line => line.Trim().Split(' ')).SelectMany(static words =>
            words.Skip(1).Select((value, index) => $"{words[0]} {value} {index * 60}"));
        var text = Path.Combine(_folder, "samples.om");
        await File.WriteAllTextAsync(text, string.Join('\n', lines) + "\n# EOF\n", TestContext.Current.CancellationToken);
        await MakeBlocksAsync(text);
    }

    private async Task MakeBlocksAsync(string text)
    {
        var (exitCode, output) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "create-blocks-from", "-q", "openmetrics", text, Blocks);
        Assert.True(exitCode == 0, output);
    }

    private async Task DumpsAsync(string fixture, string verb, params IEnumerable<string> flags)
    {
        var (exitCode, output, errors) = await PeerProcess.RunWithInputAsync(PeerProcess.Pharos, "", ["tsdb", verb, .. flags, Blocks]);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(await File.ReadAllTextAsync(ConformanceFiles.Path($"{Folder}/{fixture}"), TestContext.Current.CancellationToken), output);
    }
}
