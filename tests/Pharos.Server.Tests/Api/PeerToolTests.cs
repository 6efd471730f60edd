using System.Diagnostics;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api;

/// <summary>The peers' own tools against this server, where they are installed.</summary>
public sealed class PeerToolTests
{
    [Fact]
    public async Task Amtool_adds_shows_and_silences()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(file, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        await using var server = await RunningServer.StartAsync(folder, options => options with { AlertmanagerConfigFile = file });
        var url = $"--alertmanager.url={server.Server.BaseAddress}";
        await RunAsync("amtool", url, "alert", "add", "Down", "job=a");
        Assert.Contains("Down", await RunAsync("amtool", url, "alert", "query"), StringComparison.Ordinal);
        var id = (await RunAsync("amtool", url, "silence", "add", "Down", "--comment=why", "--author=me")).Trim();
        Assert.Contains(id, await RunAsync("amtool", url, "silence", "query"), StringComparison.Ordinal);
        await RunAsync("amtool", url, "silence", "expire", id);
        Assert.DoesNotContain(id, await RunAsync("amtool", url, "silence", "query"), StringComparison.Ordinal);
        Assert.Contains(id, await RunAsync("amtool", url, "silence", "query", "--expired"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_queries()
    {
        await using var server = await RunningServer.StartAsync();
        var url = server.Server.BaseAddress.ToString();
        server.Add(1_700_000_000_000, 1, ("__name__", "up"), ("job", "a"));
        Assert.Equal(
            "up{job=\"a\"} => 1 @[1700000000]\n", await RunAsync("promtool", "query", "instant", "--time=1700000000", url, "up"));
        Assert.Equal(
            "up{job=\"a\"} =>\n1 @[1700000000]\n1 @[1700000060]\n",
            await RunAsync("promtool", "query", "range", "--start=1700000000", "--end=1700000060", "--step=1m", url, "up"));
        Assert.Contains("job=\"a\"", await RunAsync("promtool", "query", "series", "--start=1699999999", "--end=1700000001", "--match=up", url), StringComparison.Ordinal);
        Assert.Equal("a\n", await RunAsync("promtool", "query", "labels", "--start=1699999999", "--end=1700000001", url, "job"));
    }

    private static async Task<string> RunAsync(string tool, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(tool) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is not installed");
            throw;
        }
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {await errors}");
            return output;
        }
    }
}
