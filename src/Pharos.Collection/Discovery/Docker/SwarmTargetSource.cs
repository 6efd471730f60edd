using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Docker;

/// <summary>The services, tasks or nodes of one swarm.</summary>
internal sealed class SwarmTargetSource(SwarmDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = SwarmLabels.Prefix;

    private readonly DockerEngine _engine = new(options.Host, options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var targets = options.Role switch
        {
            SwarmRole.Services => await ServicesAsync(cancellation).ConfigureAwait(false),
            SwarmRole.Tasks => await TasksAsync(cancellation).ConfigureAwait(false),
            _ => await NodesAsync(cancellation).ConfigureAwait(false),
        };
        return [new TargetGroup("DockerSwarm", targets, LabelSet.Empty)];
    }

    public void Dispose() => _engine.Dispose();

    private async Task<List<LabelSet>> NodesAsync(CancellationToken cancellation)
    {
        using var nodes = await _engine.ListAsync("/nodes", options.Filters, cancellation).ConfigureAwait(false);
        return [.. nodes.RootElement.Items().Select(node =>
            SwarmLabels.OfNode(node).SetAddress(node.Text("Status", "Addr"), options.Port).Build())];
    }

    private async Task<List<LabelSet>> ServicesAsync(CancellationToken cancellation)
    {
        using var services = await _engine.ListAsync("/services", options.Filters, cancellation).ConfigureAwait(false);
        var networks = await _engine.NetworksAsync(Prefix, cancellation).ConfigureAwait(false);
        var targets = new List<LabelSet>();
        foreach (var service in services.RootElement.Items())
        {
            var common = SwarmLabels.OfService(service);
            foreach (var virtualIp in service.Get("Endpoint").Items("VirtualIPs"))
            {
                var labels = new LabelSetBuilder(common).SetAll(NetworkOf(networks, virtualIp.Text("NetworkID"))).Build();
                targets.AddRange(OfPorts(virtualIp.Text("Addr"), service.Get("Endpoint").Items("Ports"), labels, (port, target) =>
                    target.Set($"{Prefix}service_endpoint_port_name", port.Text("Name"))
                        .Set($"{Prefix}service_endpoint_port_publish_mode", port.Text("PublishMode"))));
            }
        }
        return targets;
    }

    private async Task<List<LabelSet>> TasksAsync(CancellationToken cancellation)
    {
        using var tasks = await _engine.ListAsync("/tasks", options.Filters, cancellation).ConfigureAwait(false);
        using var services = await _engine.GetAsync("/services", cancellation).ConfigureAwait(false);
        using var nodes = await _engine.GetAsync("/nodes", cancellation).ConfigureAwait(false);
        var networks = await _engine.NetworksAsync(Prefix, cancellation).ConfigureAwait(false);
        var servicesById = services.RootElement.Items().ToDictionary(service => service.Text("ID"), StringComparer.Ordinal);
        var nodesById = nodes.RootElement.Items().ToDictionary(node => node.Text("ID"), StringComparer.Ordinal);
        var targets = new List<LabelSet>();
        foreach (var task in tasks.RootElement.Items())
        {
            servicesById.TryGetValue(task.Text("ServiceID"), out var service);
            nodesById.TryGetValue(task.Text("NodeID"), out var node);
            using var container = await InspectAsync(task, cancellation).ConfigureAwait(false);
            var common = SwarmLabels.OfTask(task, container?.RootElement.Get("Config", "Labels") ?? default)
                .SetAll(SwarmLabels.OfTasksService(service)).SetAll(SwarmLabels.OfTasksNode(node)).Build();
            targets.AddRange(OfTask(task, service, common, networks));
        }
        return targets;
    }

    private IEnumerable<LabelSet> OfTask(
        JsonElement task, JsonElement service, LabelSet common, Dictionary<string, LabelSet> networks)
    {
        foreach (var port in task.Get("Status", "PortStatus").Items("Ports").Where(port => port.Text("Protocol") == "tcp"))
        {
            yield return new LabelSetBuilder(common).Set($"{Prefix}task_port_publish_mode", port.Text("PublishMode"))
                .SetAddress(common[$"{Prefix}node_address"], port.Get("PublishedPort").Number()).Build();
        }
        foreach (var attachment in task.Items("NetworksAttachments"))
        {
            var labels = new LabelSetBuilder(common).SetAll(NetworkOf(networks, attachment.Text("Network", "ID"))).Build();
            foreach (var address in attachment.Items("Addresses"))
            {
                foreach (var target in OfPorts(address.Text(), service.Get("Endpoint").Items("Ports"), labels, (port, target) =>
                    target.Set($"{Prefix}task_port_publish_mode", port.Text("PublishMode"))))
                {
                    yield return target;
                }
            }
        }
    }

    /// <summary>One target per published TCP port, or one with the options' port where there is none.</summary>
    /// <param name="network">An address with the length of its network: <c>10.0.1.4/24</c>.</param>
    private IEnumerable<LabelSet> OfPorts(
        string network, IEnumerable<JsonElement> ports, LabelSet labels, Func<JsonElement, LabelSetBuilder, LabelSetBuilder> addPort)
    {
        var slash = network.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            throw new FormatException($"error while parsing address {network}: invalid CIDR address");
        }
        var ip = network[..slash];
        var added = false;
        foreach (var port in ports.Where(port => port.Text("Protocol") == "tcp"))
        {
            added = true;
            yield return addPort(port, new LabelSetBuilder(labels)).SetAddress(ip, port.Get("PublishedPort").Number()).Build();
        }
        if (!added)
        {
            yield return new LabelSetBuilder(labels).SetAddress(ip, options.Port).Build();
        }
    }

    /// <summary>The task's container as its engine knows it; null where this engine is another, or the container is gone.</summary>
    private async Task<JsonDocument?> InspectAsync(JsonElement task, CancellationToken cancellation)
    {
        var id = task.Get("Status", "ContainerStatus").Text("ContainerID");
        try
        {
            return id.Length == 0 ? null
                : await _engine.GetAsync($"/containers/{Uri.EscapeDataString(id)}/json", cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException)
        {
            return null;
        }
    }

    private static LabelSet NetworkOf(Dictionary<string, LabelSet> networks, string id) =>
        networks.GetValueOrDefault(id, LabelSet.Empty);
}
