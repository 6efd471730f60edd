using Microsoft.AspNetCore.Http;
using Pharos.Collection.Discovery.Http;

namespace Pharos.Collection.Tests.Discovery;

public sealed class HttpDiscoveryTests
{
    [Fact]
    public async Task Prometheus_own_answer_becomes_its_groups()
    {
        var body = await File.ReadAllTextAsync(Conformance.Require("prometheus", "discovery", "http", "fixtures", "http_sd.good.json"));
        await using var server = await HttpDouble.StartAsync(_ => body);
        await using var run = new DiscoveryRun(Options(server));
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal($"{server.Url}/sd:0", group.Source);
        Assert.Equal("127.0.0.1:9090", Assert.Single(DiscoveryRun.Addresses([group])));
        Assert.Equal(("bru1", $"{server.Url}/sd"), (group.Labels["__meta_datacenter"], group.Labels["__meta_url"]));
    }

    [Fact]
    public async Task An_unchanged_list_is_asked_for_by_its_tag()
    {
        var (full, tags) = (0, new List<string>());
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            tags.Add(context.Request.Headers.IfNoneMatch.ToString());
            Assert.Equal("1", context.Request.Headers["X-Prometheus-Refresh-Interval-Seconds"]);
            if (context.Request.Headers.IfNoneMatch == "\"v1\"")
            {
                context.Response.StatusCode = 304;
                return;
            }
            full++;
            context.Response.Headers.ETag = "\"v1\"";
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync("""[{"targets":["a:1"]}]""");
        });
        await using var run = new DiscoveryRun(Options(server) with { RefreshInterval = TimeSpan.FromSeconds(1) });
        await run.NextAsync();
        Assert.Equal("a:1", Assert.Single(DiscoveryRun.Addresses(await run.NextAsync())));
        Assert.Equal(1, full);
        Assert.Equal(["", "\"v1\""], tags.Take(2));
    }

    [Theory]
    [InlineData(404, "application/json", "[]", "server returned HTTP status 404 Not Found")]
    [InlineData(200, "text/plain", "[]", "unsupported content type \"text/plain\"")]
    [InlineData(200, "application/json", "[null]", "nil target group item found")]
    [InlineData(200, "application/json", """[{"target":["a:1"]}]""", "unknown field \"target\"")]
    [InlineData(200, "application/json", "{}", "expected a list of target groups, found Object")]
    public async Task A_bad_answer_is_named(int status, string type, string body, string reason)
    {
        await using var server = await HttpDouble.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        });
        await using var run = new DiscoveryRun(Options(server));
        Assert.Equal($"Job j: unable to refresh target groups of http discovery: {reason}", await run.ErrorAsync());
    }

    private static HttpDiscoveryOptions Options(HttpDouble server) =>
        new($"{server.Url}/sd", TimeSpan.FromMinutes(1), DiscoveryRun.Http);
}
