using System.Text.Json;

namespace Pharos.Server.Tests.Api.Loki;

/// <summary>Questions about several tenants at once.</summary>
public sealed class TenantsApiTests
{
    private const string Config = "auth_enabled: true\nquerier: {multi_tenant_queries_enabled: true}\n";

    [Fact]
    public async Task Streams_say_whose_they_are()
    {
        await using var stage = await StartAsync();
        var result = await AskAsync(stage, "one|two", "query_range?direction=forward&query=", "{job=\"a\"}");
        Assert.Equal(
            ["one/1 of one", "one/2 of one", "two/1 of two"],
            result.GetProperty("result").EnumerateArray().SelectMany(static stream => stream.GetProperty("values").EnumerateArray()
                .Select(value => $"{stream.GetProperty("stream").GetProperty("__tenant_id__").GetString()}/{value[1].GetString()}")).Order());
        var alone = await AskAsync(stage, "one", "query_range?query=", "{job=\"a\"}");
        Assert.False(alone.GetProperty("result")[0].GetProperty("stream").TryGetProperty("__tenant_id__", out _));
    }

    [Theory]
    [InlineData("{job=\"a\", __tenant_id__=\"one\"}", "2 of one,1 of one")]
    [InlineData("{job=~\".+\", __tenant_id__!=\"one\"}", "1 of two")]
    [InlineData("{job=\"a\", __tenant_id__=~\"o.*|t.*\"} |= \"1 of\"", "1 of two,1 of one")]
    [InlineData("{job=\"a\"} | __tenant_id__=\"two\"", "1 of two")]
    [InlineData("{original___tenant_id__=\"mine\"}", "1 of two")]
    [InlineData("{job=\"a\", __tenant_id__=\"mine\"}", "")]
    public async Task A_selector_may_ask_for_a_tenant(string query, string lines)
    {
        await using var stage = await StartAsync();
        var result = await AskAsync(stage, "one|two", "query_range?query=", query);
        var found = result.GetProperty("result").EnumerateArray()
            .SelectMany(static stream => stream.GetProperty("values").EnumerateArray().Select(static value => value[1].GetString()!));
        Assert.Equal(lines.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), found.Order());
    }

    [Fact]
    public async Task Series_are_counted_by_tenant()
    {
        await using var stage = await StartAsync();
        foreach (var counted in new[] { "{job=\"a\"}", "{job=\"a\"} |= \"of\"" })
        {
            var result = await AskAsync(stage, "one|two", "query?query=", $"sum by (__tenant_id__) (count_over_time({counted}[1h]))");
            Assert.Equal(
                ["one 2", "two 1"],
                result.GetProperty("result").EnumerateArray().Select(static series =>
                    $"{series.GetProperty("metric").GetProperty("__tenant_id__").GetString()} {series.GetProperty("value")[1].GetString()}").Order());
        }
    }

    [Fact]
    public async Task The_label_is_listed_with_its_values_and_its_streams()
    {
        await using var stage = await StartAsync();
        Assert.Contains("__tenant_id__", Texts(await AskAsync(stage, "one|two", "labels?", "")));
        Assert.Contains("original___tenant_id__", Texts(await AskAsync(stage, "one|two", "labels?", "")));
        Assert.DoesNotContain("__tenant_id__", Texts(await AskAsync(stage, "one", "labels?", "")));
        Assert.Equal(["one", "two"], Texts(await AskAsync(stage, "one|two", "label/__tenant_id__/values?", "")));
        Assert.Equal(["two"], Texts(await AskAsync(stage, "one|two", "label/__tenant_id__/values?query=", "{original___tenant_id__=\"mine\"}")));
        Assert.Equal(["mine"], Texts(await AskAsync(stage, "one|two", "label/original___tenant_id__/values?", "")));
        var series = await AskAsync(stage, "one|two", "series?match[]=", "{__tenant_id__=\"two\"}");
        Assert.Equal("two", Assert.Single(series.EnumerateArray()).GetProperty("__tenant_id__").GetString());
        var (_, stats) = await stage.SendAsync(
            HttpMethod.Get, "/loki/api/v1/index/stats?query=" + Uri.EscapeDataString("{job=\"a\", __tenant_id__=\"one\"}"), "one|two");
        Assert.Equal(2, JsonDocument.Parse(stats).RootElement.GetProperty("entries").GetInt64());
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static item => item.GetString()!)];

    /// <summary>Two lines of one tenant, and one of another, whose stream has the label already.</summary>
    private static async Task<LokiStage> StartAsync()
    {
        var stage = await LokiStage.StartAsync(Config);
        string At(int seconds) => LokiStage.Text(stage.BaseNs + (seconds * LokiStage.Second));
        var one = $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{At(0)}}","1 of one"],["{{At(1)}}","2 of one"]]}]}""";
        var two = $$"""{"streams":[{"stream":{"job":"a","__tenant_id__":"mine"},"values":[["{{At(0)}}","1 of two"]]}]}""";
        Assert.Equal(204, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "one", one)).Status);
        Assert.Equal(204, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", "two", two)).Status);
        return stage;
    }

    private static async Task<JsonElement> AskAsync(LokiStage stage, string tenants, string path, string query)
    {
        var (status, body) = await stage.SendAsync(HttpMethod.Get, $"/loki/api/v1/{path}{Uri.EscapeDataString(query)}", tenants);
        Assert.True(status == 200, $"{status}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("data");
    }
}
