using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;

namespace Pharos.Server.Tests.Hosting.Ports;

public sealed class TracePortsTests
{
    [Fact]
    public async Task Every_port_listens_and_the_admin_port_tells_health()
    {
        await using var server = await RunningServer.StartAsync(static options => options with
        {
            TracePorts = new TracePorts
            {
                JaegerQueryHttp = Free("query"), JaegerQueryGrpc = Free("query"), JaegerCollectorHttp = Free("collector"),
                JaegerCollectorGrpc = Free("collector"), JaegerAdmin = Free("admin.http.host-port"), Sampling = Free("sampling"),
                Zipkin = Free("zipkin"), Tempo = Free("tempo"),
            },
        });
        Assert.Equal(9, server.Server.Addresses.Count);
        var ports = server.Server.Addresses.Select(address => address.Port).Distinct().ToArray();
        Assert.Equal(9, ports.Length);
        foreach (var address in server.Server.Addresses)
        {
            using var any = await server.Http.GetAsync(new Uri(address, "/metrics"));
            Assert.True(any.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{address} {any.StatusCode}");
        }
        using var answer = await server.Http.GetAsync(server.Server.Addresses[5]);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("Server available", health.RootElement.GetProperty("status").GetString());
        Assert.True(health.RootElement.GetProperty("upSince").GetDateTimeOffset() <= DateTimeOffset.UtcNow);
        Assert.EndsWith("s", health.RootElement.GetProperty("uptime").GetString(), StringComparison.Ordinal);
        var own = await server.GetAsync("/");
        Assert.DoesNotContain("Server available", own.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_in_use_is_named_with_its_flag()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var ports = new TracePorts { Zipkin = new ListenAddress("127.0.0.1", port, "collector.zipkin.host-port") };
        var error = await Assert.ThrowsAsync<ServerStartException>(() =>
            RunningServer.StartAsync(options => options with { TracePorts = ports }));
        Assert.Contains($"port {port} is in use", error.Message, StringComparison.Ordinal);
        Assert.Contains("--collector.zipkin.host-port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optional_port_in_use_is_a_warning()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var lines = new List<string>();
        await using var server = await RunningServer.StartAsync(options => options with
        {
            TracePorts = new TracePorts { Tempo = new ListenAddress("127.0.0.1", port, "familiar-ports") },
            FamiliarPortsAreOptional = true,
            Report = lines.Add,
        });
        Assert.Contains(lines, line => line.Contains($"port {port} is in use", StringComparison.Ordinal));
    }

    private static ListenAddress Free(string flag) => new("127.0.0.1", 0, flag);
}
