using Pharos.Server.Hosting.Ports;

namespace Pharos.Server.Tests.Hosting.Ports;

public sealed class PortPathsTests
{
    [Theory]
    [InlineData("Tempo", "/api/search", "/tempo/api/search")]
    [InlineData("Tempo", "/ready", "/tempo/ready")]
    [InlineData("Loki", "/ready", "/loki/ready")]
    [InlineData("Loki", "/loki/api/v1/push", "/loki/api/v1/push")]
    [InlineData("JaegerAdmin", "/", "/jaeger/health")]
    [InlineData("JaegerAdmin", "/metrics", "/metrics")]
    [InlineData("Sampling", "/", "/sampling/legacy")]
    [InlineData("Sampling", "/sampling", "/sampling")]
    [InlineData("Sampling", "/any/other", "/sampling")]
    [InlineData("Sampling", "/baggageRestrictions", "/sampling/baggageRestrictions")]
    [InlineData("JaegerQuery", "/jaeger/api/services", "/api/services")]
    [InlineData("JaegerQuery", "/jaeger", "/")]
    [InlineData("JaegerQuery", "/jaegers", "/jaegers")]
    [InlineData("JaegerQuery", "/api/services", "/api/services")]
    [InlineData("JaegerCollector", "/api/traces", "/api/traces")]
    [InlineData("Zipkin", "/api/v2/spans", "/api/v2/spans")]
    public void Path_of_a_familiar_port_is_found_on_the_one_port(string role, string path, string expected)
    {
        var paths = new PortPaths(_ => PortRole.Own, "", "/jaeger");
        Assert.Equal(expected, paths.OnOwnPort(Enum.Parse<PortRole>(role), path));
    }

    [Theory]
    [InlineData("Alertmanager", "/api/v2/alerts", "/pharos/api/v2/alerts")]
    [InlineData("Alertmanager", "/pharos/api/v2/alerts", "/pharos/api/v2/alerts")]
    [InlineData("Tempo", "/ready", "/pharos/tempo/ready")]
    [InlineData("JaegerAdmin", "/", "/pharos/jaeger/health")]
    [InlineData("JaegerQuery", "/pharos", "/pharos/")]
    public void Clients_of_familiar_ports_know_no_route_prefix(string role, string path, string expected)
    {
        var paths = new PortPaths(_ => PortRole.Own, "/pharos", "");
        Assert.Equal(expected, paths.OnOwnPort(Enum.Parse<PortRole>(role), path));
    }
}
