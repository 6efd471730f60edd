using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Pharos.Collection.Scraping;

namespace Pharos.Collection.Tests.Scraping;

public sealed class NodeExporterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_real_node_exporter_is_scraped()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, "prometheus-node-exporter")).FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Skip("prometheus-node-exporter is not installed");
        }
        var address = $"127.0.0.1:{FreePort()}";
        using var exporter = Process.Start(new ProcessStartInfo(program, [$"--web.listen-address={address}"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        exporter.BeginErrorReadLine();
        try
        {
            await ScrapeAsync(address);
        }
        finally
        {
            exporter.Kill();
            await exporter.WaitForExitAsync();
        }
    }

    private static async Task ScrapeAsync(string address)
    {
        using var meter = new Meter("test");
        var store = new FakeMetricStore();
        await using var collector = new Collector(store, TimeProvider.System, new ListLogger(), meter);
        collector.Apply(
        [
            new ScrapeJobOptions
            {
                JobName = "node",
                ScrapeInterval = TimeSpan.FromSeconds(1),
                ScrapeTimeout = TimeSpan.FromSeconds(1),
                Discoveries = [ScrapeStage.Static(address)],
                CreateHttpClient = () => new HttpClient { Timeout = Timeout.InfiniteTimeSpan },
            },
        ]);
        var watch = Stopwatch.StartNew();
        var up = $"up{{instance=\"{address}\", job=\"node\"}}";
        while (!store.Values(up).EndsWith("1 1", StringComparison.Ordinal) && watch.Elapsed < Patience)
        {
            await Task.Delay(50);
        }
        Assert.EndsWith("1 1", store.Values(up), StringComparison.Ordinal);
        Assert.Equal("gauge", store.Metadata["node_load1"].Type);
        Assert.True(store.Series().Count > 100);
        Assert.DoesNotContain(store.Series(), series => store.Values(series).Contains("stale stale", StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
