using Pharos.Collection.Discovery.Docker;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>docker_sd_configs</c> or <c>dockerswarm_sd_configs</c>.</summary>
internal static class DockerDiscoverySection
{
    public static DockerDiscoveryOptions Read(DiscoveryEntry entry) => new()
    {
        Host = entry.Map.Text("host"),
        Http = entry.Client(),
        Port = entry.Port(80),
        Filters = ReadFilters(entry.Map),
        HostNetworkingHost = entry.Map.Text("host_networking_host", "localhost"),
        MatchFirstNetwork = entry.Map.Flag("match_first_network", true),
        RefreshInterval = entry.Refresh(60),
    };

    public static SwarmDiscoveryOptions ReadSwarm(DiscoveryEntry entry) => new()
    {
        Host = entry.Map.Text("host"),
        Role = entry.Map.Text("role") switch
        {
            "services" => SwarmRole.Services,
            "tasks" => SwarmRole.Tasks,
            _ => SwarmRole.Nodes,
        },
        Http = entry.Client(),
        Port = entry.Port(80),
        Filters = ReadFilters(entry.Map),
        RefreshInterval = entry.Refresh(60),
    };

    private static List<DockerFilter> ReadFilters(YamlMappingReader map)
    {
        var filters = new List<DockerFilter>();
        foreach (var item in map.List("filters"))
        {
            if (item.AsMapping() is { } filter)
            {
                filters.Add(new DockerFilter(filter.Text("name"), filter.Texts("values")));
                filter.Done();
            }
        }
        return filters;
    }
}
