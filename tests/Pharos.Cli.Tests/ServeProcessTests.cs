using System.Net;
using System.Net.Sockets;

namespace Pharos.Cli.Tests;

public sealed class ServeProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-cli-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SIGTERM_ends_with_status_0()
    {
        using var pharos = PharosProcess.Start("serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0");
        await pharos.ReadyAsync();
        pharos.Signal("TERM");
        Assert.Equal(0, await pharos.ExitAsync());
    }

    [Fact]
    public async Task SIGHUP_reads_the_configuration_again()
    {
        var file = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, "scrape_configs: [{job_name: one}]\n");
        using var pharos = PharosProcess.Start("serve", _folder, "--data", _folder + "/data", "--web.listen-address", "127.0.0.1:0");
        await pharos.ReadyAsync();
        await File.WriteAllTextAsync(file, "scrape_configs: [{job_name: two}]\n");
        pharos.Signal("HUP");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!pharos.Output.Contains("configuration reloaded", StringComparison.Ordinal))
        {
            await Task.Delay(20, deadline.Token);
        }
        Assert.Contains("\"two\"", await pharos.Http.GetStringAsync("api/v1/scrape_pools"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_in_use_is_named_with_its_flag()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, output) = await PharosProcess.RunAsync("serve", "--data", _folder, "--web.listen-address", $"127.0.0.1:{port}");
        Assert.Equal(1, code);
        Assert.Contains($"port {port} is in use", output, StringComparison.Ordinal);
        Assert.Contains("--web.listen-address", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_configuration_ends_with_status_1_and_its_place()
    {
        var file = Path.Combine(_folder, "bad.yml");
        await File.WriteAllTextAsync(file, "global:\n  nonsense: 1\n");
        var (code, output) = await PharosProcess.RunAsync(
            "serve", $"-config.file={file}", "--data", _folder, "--web.listen-address", "127.0.0.1:0");
        Assert.Equal(1, code);
        Assert.Contains($"{file}:2:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_flag_ends_with_status_2()
    {
        var (code, output) = await PharosProcess.RunAsync("serve", "--web.listen-adress=:1");
        Assert.Equal(2, code);
        Assert.Contains("did you mean --web.listen-address?", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbs_ask_a_running_server()
    {
        using var pharos = PharosProcess.Start("serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0");
        var url = (await pharos.ReadyAsync()).ToString();
        Assert.Equal((0, "scalar: 2 @[5]"), await PharosProcess.RunAsync("query", "instant", "--time=5", url, "1+1"));
        Assert.Equal(0, (await PharosProcess.RunAsync("alert", "add", "--alertmanager.url", url, "Down", "job=a")).ExitCode);
        Assert.Contains("Down", (await PharosProcess.RunAsync("alert", "query", "-u", $"--alertmanager.url={url}")).Output, StringComparison.Ordinal);
        var (code, id) = await PharosProcess.RunAsync("silence", "add", "-c", "why", "--alertmanager.url", url, "Down");
        Assert.Equal(0, code);
        Assert.Equal((0, id), await PharosProcess.RunAsync("silence", "query", "-q", "--alertmanager.url", url));
        Assert.Equal(0, (await PharosProcess.RunAsync("silence", "expire", "--alertmanager.url", url, id)).ExitCode);
        Assert.Equal((0, ""), await PharosProcess.RunAsync("silence", "query", "-q", "--alertmanager.url", url));
        Assert.Equal(1, (await PharosProcess.RunAsync("query", "instant", url, "up(")).ExitCode);
    }
}
