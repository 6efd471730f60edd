using System.Net.Http.Headers;

namespace Pharos.Server.Tests.Hosting;

public sealed class WebUiTests
{
    private const string Page = "<html><head><base href=\"/\" /></head></html>";

    [Theory]
    [InlineData("/query")]
    [InlineData("/d/abc/some-name")]
    [InlineData("/dashboards")]
    [InlineData("/alerts")]
    public async Task Paths_of_the_interface_give_its_page(string path)
    {
        await using var server = await StartAsync("");
        Assert.Equal((200, Page), await server.GetAsync(path));
    }

    [Fact]
    public async Task Root_leads_to_the_dashboards()
    {
        await using var server = await StartAsync("");
        using var response = await server.Http.GetAsync("/");
        Assert.Equal("/dashboards", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Prefix_moves_everything_and_the_page_knows_it()
    {
        await using var server = await StartAsync("/ops");
        Assert.Equal((200, Page.Replace("\"/\"", "\"/ops/\"", StringComparison.Ordinal)), await server.GetAsync("/ops/query"));
        Assert.Equal(200, (await server.GetAsync("/ops/-/healthy")).Status);
        Assert.Equal(404, (await server.GetAsync("/-/healthy")).Status);
    }

    [Fact]
    public async Task Brotli_twin_is_served_where_it_is_accepted()
    {
        await using var server = await StartAsync("");
        Assert.Equal((200, "plain"), await server.GetAsync("/assets/a.js"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/a.js");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("br", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("packed", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/assets/none.js")]
    [InlineData("/assets/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/api/v1/nothing")]
    public async Task Everything_else_is_not_found(string path)
    {
        await using var server = await StartAsync("");
        File.WriteAllText(Path.Combine(server.Folder, "secret.txt"), "secret");
        Assert.Equal(404, (await server.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Answers_forbid_sniffing_and_framing()
    {
        await using var server = await StartAsync("");
        using var response = await server.Http.GetAsync("/query");
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("frame-ancestors 'self'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartAsync(string prefix)
    {
        var folder = RunningServer.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "ui", "assets"));
        File.WriteAllText(Path.Combine(folder, "ui", "index.html"), Page);
        File.WriteAllText(Path.Combine(folder, "ui", "assets", "a.js"), "plain");
        File.WriteAllText(Path.Combine(folder, "ui", "assets", "a.js.br"), "packed");
        return RunningServer.StartAsync(folder, options => options with { RoutePrefix = prefix });
    }
}
