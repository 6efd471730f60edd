using System.Net;
using System.Net.Sockets;

namespace Pharos.Cli.Tests;

public sealed class JaegerEnvironmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-cli-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The variables are those of the seed's deployment, at ports that are free here.</summary>
    [Fact]
    public async Task Environment_of_a_jaeger_deployment_opens_its_ports_and_is_told_of()
    {
        var (zipkin, otlp, http) = (FreePort(), FreePort(), FreePort());
        using var pharos = PharosProcess.StartIn(
            [
                ("COLLECTOR_ZIPKIN_HOST_PORT", $":{zipkin}"), ("COLLECTOR_OTLP_ENABLED", "true"), ("SPAN_STORAGE_TYPE", "elasticsearch"),
                ("ES_SERVER_URLS", "http://elasticsearch:9200"), ("ES_INDEX_PREFIX", "jaeger"), ("COLLECTOR_OTLP_GRPC_HOST_PORT", $"127.0.0.1:{otlp}"),
                ("COLLECTOR_OTLP_HTTP_HOST_PORT", $"127.0.0.1:{http}"),
            ],
            "serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0");
        await pharos.ReadyAsync();
        foreach (var port in new[] { zipkin, otlp, http })
        {
            using var answer = await pharos.Http.GetAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        foreach (var name in new[] { "SPAN_STORAGE_TYPE", "ES_SERVER_URLS", "ES_INDEX_PREFIX" })
        {
            Assert.Contains($"warning: {name} changes nothing: ", pharos.Output, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("COLLECTOR_", pharos.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_that_is_none_ends_the_start()
    {
        using var pharos = PharosProcess.StartIn(
            [("COLLECTOR_OTLP_ENABLED", "perhaps")], "serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0");
        Assert.Equal(1, await pharos.ExitAsync());
        Assert.Contains("COLLECTOR_OTLP_ENABLED: neither true nor false: \"perhaps\"", pharos.Output, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
