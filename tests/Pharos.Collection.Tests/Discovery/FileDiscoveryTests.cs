using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;

namespace Pharos.Collection.Tests.Discovery;

public sealed class FileDiscoveryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pharos-sd-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Files_are_followed_and_a_bad_one_keeps_its_last_good_targets()
    {
        await using var stage = new ScrapeStage();
        Write("a.json", """[{"targets": ["one:1"], "labels": {"x": "y"}}]""");
        await stage.ApplyAsync(stage.Job() with
        {
            Discoveries = [new FileDiscoveryOptions([Path.Combine(_folder.FullName, "*.json")], TimeSpan.FromMinutes(5))],
        });
        Assert.Equal("y", Assert.Single(stage.Collector.Snapshot().Active).Labels["x"]);

        Write("a.json", """[{"targets": ["one:1", "two:2"]}]""");
        Write("b.json", """[{"targets": ["three:3"]}]""");
        await stage.PassAsync(6);
        Assert.Equal(["http://one:1/metrics", "http://three:3/metrics", "http://two:2/metrics"], Urls(stage));

        Write("a.json", "[{\"targets\": [\"one:1\"");
        await stage.PassAsync(6);
        Assert.Equal(3, Urls(stage).Count);
        Assert.Contains("a.json", Assert.Single(stage.Logger.Lines, line => line.Level == LogLevel.Error).Text, StringComparison.Ordinal);

        File.Delete(Path.Combine(_folder.FullName, "b.json"));
        await stage.PassAsync(6);
        Assert.Equal(["http://one:1/metrics", "http://two:2/metrics"], Urls(stage));
    }

    [Theory]
    [InlineData("valid.json", true)]
    [InlineData("invalid_nil.json", false)]
    public void Prometheus_own_json_files_are_judged_alike(string file, bool good) =>
        Assert.Equal(good, JsonTargetFile.Read(Conformance.Require("prometheus", "discovery", "file", "fixtures", file)).Groups is not null);

    private static List<string> Urls(ScrapeStage stage) => [.. stage.Collector.Snapshot().Active.Select(target => target.ScrapeUrl)];

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
