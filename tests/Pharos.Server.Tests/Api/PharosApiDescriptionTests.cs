using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api;

public sealed class PharosApiDescriptionTests
{
    private const string Dashboard = """
        {"uid":"all","title":"All","tags":["a"],"templating":{"list":[{"name":"job","type":"query","query":"label_values(up, job)"}]},"panels":[
        {"id":1,"type":"timeseries","title":"up","gridPos":{"x":0,"y":0,"w":8,"h":8},"targets":[{"refId":"A","expr":"up"}]},
        {"id":2,"type":"stat","title":"up","gridPos":{"x":8,"y":0,"w":8,"h":8},"targets":[{"refId":"A","expr":"up"}]},
        {"id":3,"type":"table","title":"up","gridPos":{"x":16,"y":0,"w":8,"h":8},"targets":[{"refId":"A","expr":"up","format":"table","instant":true}]},
        {"id":4,"type":"timeseries","title":"none","gridPos":{"x":0,"y":8,"w":8,"h":8},"targets":[{"refId":"A","expr":"upp"}]},
        {"id":5,"type":"timeseries","title":"bad","gridPos":{"x":8,"y":8,"w":8,"h":8},"targets":[{"refId":"A","expr":"up("}]},
        {"id":6,"type":"text","title":"t","gridPos":{"x":16,"y":8,"w":8,"h":8},"options":{"mode":"markdown","content":"# hi"}}]}
        """;

    [Fact]
    public async Task Every_mapped_route_is_described_and_every_described_route_is_mapped()
    {
        await using var server = await RunningServer.StartAsync();
        var mapped = server.Server.Routes.OfType<RouteEndpoint>()
            .Select(route => (Path: "/" + route.RoutePattern.RawText!.TrimStart('/').Replace(":int", "", StringComparison.Ordinal), route))
            .Where(pair => pair.Path.StartsWith("/api/pharos/", StringComparison.Ordinal) || pair.Path is "/v2/enqueue" or "/v2/change/enqueue")
            .SelectMany(pair => pair.route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {pair.Path}"));
        var document = await server.JsonAsync("/api/pharos/openapi.json");
        var described = document.GetProperty("paths").EnumerateObject()
            // The demo maps these itself; its own test compares them.
            .Where(path => !path.Name.StartsWith("/api/pharos/demo/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Where(part => part.Name != "parameters")
                .Select(part => $"{part.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prefix_and_version_are_this_server_s()
    {
        await using var server = await RunningServer.StartAsync(options => options with { RoutePrefix = "/under" });
        var document = await server.JsonAsync("/under/api/pharos/openapi.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("/under", document.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal(
            (await server.JsonAsync("/under/api/pharos/info")).GetProperty("version").GetString(),
            document.GetProperty("info").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Answers_are_as_described()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "all.json");
        await File.WriteAllTextAsync(file, Dashboard);
        await using var server = await RunningServer.StartAsync(folder, options => options with { DashboardPaths = [file] });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        server.Add(now - 60_000, 1, ("__name__", "up"), ("job", "a"));
        server.Add(now - 30_000, 0, ("__name__", "up"), ("job", "a"));
        var document = await server.JsonAsync("/api/pharos/openapi.json");

        DescribedAnswer.Check(document, "Info", await server.JsonAsync("/api/pharos/info"));
        DescribedAnswer.Check(document, "Notifications", await server.JsonAsync("/api/pharos/notifications"));
        DescribedAnswer.Check(document, "Dashboards", await server.JsonAsync("/api/pharos/dashboards"));
        DescribedAnswer.Check(document, "Dashboard", await server.JsonAsync("/api/pharos/dashboards/all"));
        DescribedAnswer.Check(document, "Error", await server.JsonAsync("/api/pharos/dashboards/none"));
        foreach (var panel in Enumerable.Range(1, 6))
        {
            var (status, body) = await server.PostJsonAsync(
                $"/api/pharos/dashboards/all/panels/{panel}/data", $$"""{"from":{{now - 3_600_000}},"to":{{now}},"width":400}""");
            Assert.Equal(200, status);
            DescribedAnswer.Check(document, "PanelFrame", JsonDocument.Parse(body).RootElement);
        }
        await CheckPostAsync("WebhookTaken", "/api/pharos/webhook", """{"title":"t"}""");
        await CheckPostAsync("Error", "/api/pharos/webhook", "{}");
        await CheckPostAsync(
            "EventTaken", "/v2/enqueue", """{"routing_key":"k","event_action":"trigger","payload":{"summary":"s","source":"h","severity":"info"}}""");
        await CheckPostAsync("EventRefusal", "/v2/enqueue", "{}");
        await CheckPostAsync("ChangeTaken", "/v2/change/enqueue", """{"routing_key":"k","payload":{"summary":"s"}}""");
        await CheckPostAsync("EventRefusal", "/v2/change/enqueue", "{}");

        async Task CheckPostAsync(string schema, string path, string request)
        {
            var (_, body) = await server.PostJsonAsync(path, request);
            DescribedAnswer.Check(document, schema, JsonDocument.Parse(body).RootElement);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"from":"x","to":2}""")]
    [InlineData("""{"from":2,"to":1}""")]
    [InlineData("""{"from":0,"to":1e30}""")]
    [InlineData("""{"from":-9223372036854775808,"to":9223372036854775807}""")]
    [InlineData("""{"from":0,"to":1000,"variables":null}""")]
    [InlineData("""{"from":0,"to":1000,"variables":{"job":null}}""")]
    [InlineData("""{"from":0,"to":1000,"variables":{"job":[null]}}""")]
    [InlineData("""{"from":0,"to":1000,"width":-1}""")]
    [InlineData("""{"from":0,"to":1000000000000,"width":2147483647}""")]
    public async Task Bad_request_for_panel_data_is_refused_with_a_reason(string body)
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "all.json");
        await File.WriteAllTextAsync(file, Dashboard);
        await using var server = await RunningServer.StartAsync(folder, options => options with { DashboardPaths = [file] });
        var (status, answer) = await server.PostJsonAsync("/api/pharos/dashboards/all/panels/1/data", body);
        Assert.Equal(400, status);
        Assert.NotEmpty(JsonDocument.Parse(answer).RootElement.GetProperty("error").GetString()!);
    }
}
