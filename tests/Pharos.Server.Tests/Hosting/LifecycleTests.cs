using System.Net;
using System.Net.Sockets;
using Pharos.Server.Hosting;

namespace Pharos.Server.Tests.Hosting;

public sealed class LifecycleTests
{
    private const string Good = "scrape_configs:\n- job_name: one\n  static_configs: [{targets: ['127.0.0.1:1']}]\n";

    [Fact]
    public async Task Health_and_readiness_answer()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal((200, "Prometheus Server is Healthy.\n"), await server.GetAsync("/-/healthy"));
        Assert.Equal((200, "Prometheus Server is Ready.\n"), await server.GetAsync("/-/ready"));
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\nprometheus_ready 1\n", metrics, StringComparison.Ordinal);
        Assert.Matches("\nprometheus_build_info{branch=\"HEAD\",goversion=\"[^\"]+\",revision=\"[^\"]+\",version=\"[^\"]+\"} 1\n", metrics);
    }

    [Theory]
    [InlineData("GET", "//-/healthy", 301, "/-/healthy")]
    [InlineData("GET", "//api//v1///query?query=up//2", 301, "/api/v1/query?query=up//2")]
    [InlineData("POST", "//api/v1/query", 308, "/api/v1/query")]
    [InlineData("GET", "/api/v1/label/a%2F%2Fb/values", 200, null)]
    public async Task A_slash_too_many_leads_to_the_path_without_it(string method, string path, int status, string? location)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Server.BaseAddress.ToString().TrimEnd('/') + path));
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal((status, location), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Two_servers_run_in_one_process_and_measure_apart()
    {
        await using var first = await RunningServer.StartAsync();
        await using var second = await RunningServer.StartAsync();
        await first.GetAsync("/-/healthy");
        Assert.Contains("handler=\"/-/healthy\"", (await first.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("handler=\"/-/healthy\"", (await second.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Good_reload_takes_effect()
    {
        await using var server = await StartWithFileAsync(Good);
        File.WriteAllText(Path.Combine(server.Folder, "prometheus.yml"), Good.Replace("one", "two", StringComparison.Ordinal));
        Assert.Equal(200, (await server.PostFormAsync("/-/reload")).Status);
        Assert.Equal((200, """{"status":"success","data":{"scrapePools":["two"]}}"""), await server.GetAsync("/api/v1/scrape_pools"));
    }

    [Fact]
    public async Task Bad_reload_keeps_the_old_configuration_and_names_file_line_and_reason()
    {
        await using var server = await StartWithFileAsync(Good);
        var file = Path.Combine(server.Folder, "prometheus.yml");
        File.WriteAllText(file, Good + "nonsense: 1\n");
        var (status, body) = await server.PostFormAsync("/-/reload");
        Assert.Equal(500, status);
        Assert.Contains($"{file}:4:", body, StringComparison.Ordinal);
        Assert.Contains("nonsense", body, StringComparison.Ordinal);
        Assert.Contains("\"one\"", (await server.GetAsync("/api/v1/scrape_pools")).Body, StringComparison.Ordinal);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_config_last_reload_successful 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nprometheus_config_last_reload_successful 0\n", metrics, StringComparison.Ordinal);
        File.WriteAllText(file, Good);
        await server.PostFormAsync("/-/reload");
        Assert.Contains("\npharos_config_last_reload_successful 1\n", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_file_at_start_is_an_error_that_names_it()
    {
        var error = await Assert.ThrowsAsync<ServerStartException>(() => StartWithFileAsync("scrape_configs: 5\n"));
        Assert.Contains("prometheus.yml:1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_needs_the_lifecycle_flag_and_POST()
    {
        await using var server = await RunningServer.StartAsync(options => options with { EnableLifecycle = false });
        Assert.Equal(403, (await server.PostFormAsync("/-/reload")).Status);
        Assert.Equal(405, (await server.GetAsync("/-/reload")).Status);
    }

    [Fact]
    public async Task Quit_is_handed_to_the_owner()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(200, (await server.PostFormAsync("/-/quit")).Status);
        await server.Server.QuitRequested.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Port_in_use_is_named_with_its_flag()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<ServerStartException>(() =>
            RunningServer.StartAsync(options => options with { Listen = [new ListenAddress("127.0.0.1", port)] }));
        Assert.Contains($"port {port} is in use", error.Message, StringComparison.Ordinal);
        Assert.Contains("--web.listen-address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_samples_outlive_a_restart()
    {
        var folder = RunningServer.NewFolder();
        var data = Path.Combine(folder, "data");
        var first = await RunningServer.StartAsync(folder, options => options with { DataPath = data });
        first.Add(1_700_000_000_000, 42, ("__name__", "kept"));
        await first.Server.DisposeAsync();
        await using var second = await RunningServer.StartAsync(folder, options => options with { DataPath = data });
        Assert.Contains("[1700000000,\"42\"]", (await second.GetAsync("/api/v1/query?query=kept&time=1700000000")).Body, StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartWithFileAsync(string text)
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, text);
        return RunningServer.StartAsync(folder, options => options with { ConfigFile = file });
    }
}
