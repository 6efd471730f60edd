using Microsoft.AspNetCore.Http;
using Pharos.Collection.Discovery.Docker;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery;

/// <summary>Docker and swarm, against answers of real engines where they lie beside the checkout.</summary>
public sealed class DockerDiscoveryTests
{
    private const string Containers = """
        [{"Id":"c1","Names":["/web"],"Labels":{"com.x/y":"z"},"HostConfig":{"NetworkMode":"b"},
          "Ports":[{"PrivatePort":80,"PublicPort":8080,"IP":"0.0.0.0","Type":"tcp"},{"PrivatePort":53,"Type":"udp"}],
          "NetworkSettings":{"Networks":{"b":{"NetworkID":"n2","IPAddress":"10.0.2.1"},"a":{"NetworkID":"n1","IPAddress":"10.0.1.1"}}}},
         {"Id":"c2","Names":["/side"],"HostConfig":{"NetworkMode":"container:c1"},"Ports":[],"NetworkSettings":{"Networks":{}}},
         {"Id":"c3","Names":["/host"],"HostConfig":{"NetworkMode":"host"},"Ports":[],
          "NetworkSettings":{"Networks":{"host":{"NetworkID":"n3","IPAddress":""}}}}]
        """;

    [Fact]
    public async Task Containers_are_found_over_the_unix_socket()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"pharos-{Guid.NewGuid():N}.sock");
        await using var engine = await HttpDouble.StartAsync(Engine("""[{"Id":"n1","Name":"a","Scope":"local","Labels":{"l":"m"}}]"""), socket);
        await using var run = new DiscoveryRun(new DockerDiscoveryOptions
        {
            Host = $"unix://{socket}",
            Http = DiscoveryRun.Http,
            Filters = [new DockerFilter("label", ["p=q"])],
        });
        var targets = DiscoveryRun.Flat(await run.NextAsync());
        Assert.Equal(LabelSet.From(
            ("__address__", "10.0.1.1:80"), ("__meta_docker_container_id", "c1"), ("__meta_docker_container_name", "/web"),
            ("__meta_docker_container_network_mode", "b"), ("__meta_docker_container_label_com_x_y", "z"),
            ("__meta_docker_network_id", "n1"), ("__meta_docker_network_name", "a"), ("__meta_docker_network_scope", "local"),
            ("__meta_docker_network_internal", "false"), ("__meta_docker_network_attachable", "false"),
            ("__meta_docker_network_ingress", "false"), ("__meta_docker_network_label_l", "m"), ("__meta_docker_network_ip", "10.0.1.1"),
            ("__meta_docker_port_private", "80"), ("__meta_docker_port_public", "8080"), ("__meta_docker_port_public_ip", "0.0.0.0")),
            Assert.Single(targets, target => target["__meta_docker_container_id"] == "c1"));
        Assert.Equal(["10.0.1.1:80", "10.0.1.1:80", "localhost"], targets.Select(target => target["__address__"]));
        Assert.Contains("/v1.40/containers/json?filters=%7B%22label%22%3A%7B%22p%3Dq%22%3Atrue%7D%7D", engine.Asked);
    }

    [Fact]
    public async Task A_container_of_two_networks_gives_two_targets_where_that_is_wanted()
    {
        await using var engine = await HttpDouble.StartAsync(Engine("[]"));
        await using var run = new DiscoveryRun(
            new DockerDiscoveryOptions { Host = engine.Url, Http = DiscoveryRun.Http, MatchFirstNetwork = false });
        Assert.Equal(["10.0.1.1:80", "10.0.1.1:80", "10.0.2.1:80", "10.0.2.1:80", "localhost"], DiscoveryRun.Addresses(await run.NextAsync()));
    }

    [Fact]
    public async Task The_recorded_engine_gives_what_it_gives_Prometheus()
    {
        await using var engine = await RecordedAsync("dockerprom");
        await using var run = new DiscoveryRun(new DockerDiscoveryOptions { Host = engine.Url, Http = DiscoveryRun.Http });
        var group = Assert.Single(await run.NextAsync());
        Assert.Equal("Docker", group.Source);
        Assert.Equal(
            [
                "172.19.0.2:9100", "172.19.0.3:80", "172.20.0.2:3306", "172.20.0.2:33060", "172.20.0.2:9104", "172.20.0.3:3306",
                "172.20.0.3:33060", "localhost",
            ],
            DiscoveryRun.Addresses([group]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_engine_with_IPv6_alone_gives_IPv6_addresses()
    {
        await using var engine = await RecordedAsync("dockeripv6");
        await using var run = new DiscoveryRun(new DockerDiscoveryOptions { Host = engine.Url, Http = DiscoveryRun.Http });
        Assert.Equal("[fc00::2]:80", DiscoveryRun.Addresses(await run.NextAsync())[0]);
    }

    [Theory]
    [InlineData(SwarmRole.Nodes, 5)]
    [InlineData(SwarmRole.Services, 15)]
    [InlineData(SwarmRole.Tasks, 27)]
    public async Task The_recorded_swarm_gives_what_it_gives_Prometheus(SwarmRole role, int count)
    {
        await using var engine = await RecordedAsync("swarmprom");
        await using var run = new DiscoveryRun(new SwarmDiscoveryOptions { Host = engine.Url, Role = role, Http = DiscoveryRun.Http });
        var targets = DiscoveryRun.Flat(await run.NextAsync());
        Assert.Equal(count, targets.Count);
        Assert.All(targets, target => Assert.NotEqual("", target["__address__"]));
        if (role == SwarmRole.Nodes)
        {
            Assert.Equal(LabelSet.From(
                ("__address__", "10.0.232.3:80"), ("__meta_dockerswarm_node_address", "10.0.232.3"),
                ("__meta_dockerswarm_node_availability", "active"), ("__meta_dockerswarm_node_engine_version", "19.03.11"),
                ("__meta_dockerswarm_node_hostname", "master-3"), ("__meta_dockerswarm_node_id", "bvtjl7pnrtg0k88ywialsldpd"),
                ("__meta_dockerswarm_node_manager_address", "10.0.232.3:2377"), ("__meta_dockerswarm_node_manager_leader", "false"),
                ("__meta_dockerswarm_node_manager_reachability", "reachable"),
                ("__meta_dockerswarm_node_platform_architecture", "x86_64"), ("__meta_dockerswarm_node_platform_os", "linux"),
                ("__meta_dockerswarm_node_role", "manager"), ("__meta_dockerswarm_node_status", "ready")), targets[2]);
        }
        if (role == SwarmRole.Tasks)
        {
            Assert.All(targets, target => Assert.NotEqual("", target["__meta_dockerswarm_node_hostname"]));
            Assert.All(targets, target => Assert.NotEqual("", target["__meta_dockerswarm_service_name"]));
        }
    }

    private static Func<HttpContext, Task> Engine(string networks) => context =>
    {
        context.Response.Headers["Api-Version"] = "1.40";
        return context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/_ping" => "OK",
            "/v1.40/networks" => networks,
            "/v1.40/containers/json" => Containers,
            _ => "null",
        });
    };

    private static Task<HttpDouble> RecordedAsync(string name)
    {
        var folder = Conformance.Require("prometheus", "discovery", "moby", "testdata", name);
        return HttpDouble.StartAsync(async context =>
        {
            context.Response.Headers["Api-Version"] = "1.40";
            var file = Path.Combine(folder, context.Request.Path.Value!.Replace("/v1.40", "", StringComparison.Ordinal).TrimStart('/') + ".json");
            context.Response.StatusCode = File.Exists(file) ? 200 : 404;
            await context.Response.WriteAsync(File.Exists(file) ? await File.ReadAllTextAsync(file) : "");
        });
    }
}
