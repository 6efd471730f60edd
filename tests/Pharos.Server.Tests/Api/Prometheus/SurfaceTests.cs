using System.IO.Compression;
using System.Net;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Text;

namespace Pharos.Server.Tests.Api.Prometheus;

/// <summary>What surrounds the endpoints: paths nobody knows, methods, origins, encodings, deeds, notices.</summary>
public sealed class SurfaceTests
{
    [Theory]
    [InlineData("GET", "/api/v1/nope", 404, "404 page not found\n", null)]
    [InlineData("POST", "/api/v1/nope", 404, "404 page not found\n", null)]
    [InlineData("POST", "/nope", 404, "404 page not found\n", null)]
    [InlineData("DELETE", "/api/v1/query", 405, "Method Not Allowed\n", "GET, OPTIONS, POST")]
    [InlineData("PUT", "/api/v1/label/job/values", 405, "Method Not Allowed\n", "GET, OPTIONS")]
    [InlineData("GET", "/api/v1/write", 405, "Method Not Allowed\n", "OPTIONS, POST")]
    [InlineData("POST", "/federate", 405, "Method Not Allowed\n", "GET, OPTIONS")]
    public async Task Unknown_path_and_wrong_method_are_answered_as_Prometheus_does(
        string method, string path, int status, string body, string? allow)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(allow, response.Content.Headers.Allow.Count == 0 ? null : string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData(".*", "http://a.example", "*", "/api/v1/anything", "GET, POST, OPTIONS")]
    [InlineData(".*", "http://a.example", "*", "/api/v2/silence/1", "GET, POST, DELETE, OPTIONS")]
    [InlineData("https?://a[.]example", "http://a.example", "http://a.example", "/api/v1/anything", "GET, POST, OPTIONS")]
    [InlineData("https?://a[.]example", "http://b.example", null, "/api/v1/anything", "GET, POST, OPTIONS")]
    [InlineData(".*", null, null, "/api/v1/anything", null)]
    public async Task Origins_are_allowed_as_the_flag_says(string pattern, string? origin, string? allowed, string path, string? methods)
    {
        await using var server = await RunningServer.StartAsync(options => options with { CorsOrigin = GoRegex.Anchored(pattern) });
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allowed, Header("Access-Control-Allow-Origin"));
        Assert.Equal(methods, Header("Access-Control-Allow-Methods"));

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }

    [Theory]
    [InlineData("/federate", "GET, OPTIONS")]
    [InlineData("/metrics", "GET, HEAD, OPTIONS")]
    [InlineData("/-/healthy", "GET, HEAD, OPTIONS")]
    [InlineData("/-/reload", "GET, OPTIONS, POST, PUT")]
    public async Task What_scrapers_and_operators_ask_is_closed_to_other_origins(string path, string allow)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "http://a.example");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Methods_of_other_origins_are_those_of_the_API_behind_a_prefix_too()
    {
        await using var server = await RunningServer.StartAsync(options => options with { RoutePrefix = "/pharos" });
        using var request = new HttpRequestMessage(HttpMethod.Options, "/pharos/api/v1/query");
        request.Headers.Add("Origin", "http://a.example");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("GET, POST, OPTIONS", response.Headers.GetValues("Access-Control-Allow-Methods").Single());
    }

    /// <summary>Dashboards ask by GET for values of variables that hold hundreds of hosts.</summary>
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_query_of_many_kilobytes_fits_into_the_path(string version)
    {
        await using var server = await RunningServer.StartAsync();
        var hosts = string.Join('|', Enumerable.Range(0, 4_000).Select(i => $"host-{i}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/query?query=up%7Binstance%3D~%22{hosts}%22%7D&time=3");
        request.Headers.Add("X-Long", new string('a', 50_000));
        request.Version = Version.Parse(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("""{"status":"success","data":{"resultType":"vector","result":[]}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Deflate_is_zlibs_format()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status/buildinfo");
        request.Headers.Add("Accept-Encoding", "deflate");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(["deflate"], response.Content.Headers.ContentEncoding);
        await using var plain = new ZLibStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.StartsWith("{\"status\":\"success\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete_series")]
    [InlineData("clean_tombstones")]
    [InlineData("snapshot")]
    public async Task Admin_deeds_are_off_unless_started_with_them(string deed)
    {
        await using var server = await RunningServer.StartAsync();
        var (status, body) = await server.PostFormAsync("/api/v1/admin/tsdb/" + deed);
        Assert.Equal(500, status);
        Assert.Equal("""{"status":"error","errorType":"unavailable","error":"admin APIs disabled"}""", body);
    }

    [Theory]
    [InlineData("delete_series", "no match[] parameter provided")]
    [InlineData("delete_series?match[]=up{", "invalid parameter \\\"match[]\\\": 1:4: parse error: unexpected end of input inside braces")]
    [InlineData("delete_series?match[]=up&start=x", "invalid parameter \\\"start\\\": invalid time value for 'start': cannot parse \\\"x\\\" to a valid timestamp")]
    [InlineData("snapshot?skip_head=x", "invalid parameter \\\"skip_head\\\": unable to parse boolean: strconv.ParseBool: parsing \\\"x\\\": invalid syntax")]
    public async Task Bad_deed_is_refused(string deed, string error)
    {
        await using var server = await RunningServer.StartAsync(options => options with { EnableAdminApi = true });
        var (status, body) = await server.PostFormAsync("/api/v1/admin/tsdb/" + deed);
        Assert.Equal(400, status);
        Assert.Contains($"\"error\":\"{error}\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_reload_is_a_notice_and_a_live_event()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, "global: {}\n");
        await using var server = await RunningServer.StartAsync(
            folder, options => options with { ConfigFile = file, MaxNotificationSubscribers = 1 });
        Assert.Equal("""{"status":"success","data":[]}""", (await server.GetAsync("/api/v1/notifications")).Body);
        using var live = await server.Http.GetAsync("/api/v1/notifications/live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", live.Content.Headers.ContentType?.ToString());
        Assert.Equal(204, (await server.GetAsync("/api/v1/notifications/live")).Status);
        await File.WriteAllTextAsync(file, "nonsense: 1\n");
        Assert.Equal(500, (await server.PostFormAsync("/-/reload")).Status);
        using var events = new StreamReader(await live.Content.ReadAsStreamAsync());
        Assert.StartsWith("data: {\"text\":\"Configuration reload has failed.\",\"date\":\"", await events.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Contains("Configuration reload has failed.", (await server.GetAsync("/api/v1/notifications")).Body, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "global: {}\n");
        Assert.Equal(200, (await server.PostFormAsync("/-/reload")).Status);
        await events.ReadLineAsync();
        Assert.EndsWith("\"active\":false}", await events.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"status":"success","data":[]}""", (await server.GetAsync("/api/v1/notifications")).Body);
    }

    [Fact]
    public async Task Changed_file_is_loaded_by_itself()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, "scrape_configs: [{job_name: one}]\n");
        await using var server = await RunningServer.StartAsync(
            folder, options => options with { ConfigFile = file, AutoReloadInterval = TimeSpan.FromMilliseconds(50) });
        await File.WriteAllTextAsync(file, "scrape_configs: [{job_name: two}]\n");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await server.GetAsync("/api/v1/scrape_pools")).Body.Contains("\"two\"", StringComparison.Ordinal))
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    [Fact]
    public async Task Page_title_is_that_of_the_flag()
    {
        var folder = RunningServer.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "ui"));
        await File.WriteAllTextAsync(Path.Combine(folder, "ui", "index.html"), "<head><title>Pharos</title></head>");
        await using var server = await RunningServer.StartAsync(folder, options => options with { PageTitle = "Ours & <theirs>" });
        Assert.Equal("<head><title>Ours &amp; &lt;theirs&gt;</title></head>", (await server.GetAsync("/query")).Body);
    }
}
