using System.Text;
using System.Text.Json.Nodes;
using Pharos.Server.Hosting;

namespace Pharos.Conformance.Tests.Jaeger;

/// <summary>OTLP's JSON shown as Jaeger's: Jaeger's own example, and what is no OTLP.</summary>
public sealed class TransformTests
{
    private const string Folder = "jaeger/jaeger-v2-head/cmd/jaeger/internal/extension/jaegerquery/internal/fixture/";

    [Fact]
    public async Task The_example_becomes_the_same_json()
    {
        var (status, body) = await PostAsync(await File.ReadAllTextAsync(
            ConformanceFiles.Path(Folder + "otlp2jaeger-in.json"), TestContext.Current.CancellationToken));
        Assert.Equal(200, status);
        var expected = await File.ReadAllTextAsync(ConformanceFiles.Path(Folder + "otlp2jaeger-out.json"), TestContext.Current.CancellationToken);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(body)), body);
    }

    [Theory]
    [InlineData("jaeger/jaeger-ui/packages/jaeger-ui/src/utils/fixtures/otlp2jaeger-in.json", 1)]
    [InlineData("jaeger/jaeger-ui/packages/jaeger-ui/src/utils/fixtures/otlp2jaeger-multi-in-combined.json", 3)]
    public async Task Files_that_the_interface_opens_are_taken(string file, int spans)
    {
        var (status, body) = await PostAsync(await File.ReadAllTextAsync(ConformanceFiles.Path(file), TestContext.Current.CancellationToken));
        Assert.True(status == 200, body);
        Assert.True(JsonNode.Parse(body)!["data"]!.AsArray().Sum(trace => trace!["spans"]!.AsArray().Count) >= spans, body);
    }

    [Fact]
    public async Task What_is_no_otlp_is_refused() => Assert.Equal(400, (await PostAsync("{\"resourceSpans\":3}")).Status);

    private static async Task<(int Status, string Body)> PostAsync(string json)
    {
        await using var server = await PharosServer.StartAsync(
            new PharosServerOptions { Listen = [new ListenAddress("127.0.0.1", 0)] }, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/api/transform", content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
