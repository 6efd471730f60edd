using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Docker;

/// <summary>One target per container, network and exposed TCP port.</summary>
internal sealed class DockerTargetSource(DockerDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_docker_";
    private const string OfContainer = "container:";

    /// <summary>How far a container's network is followed through containers that share it.</summary>
    private const int MaxHops = 16;

    private readonly DockerEngine _engine = new(options.Host, options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        using var answer = await _engine.ListAsync("/containers/json", options.Filters, cancellation).ConfigureAwait(false);
        var networks = await _engine.NetworksAsync(Prefix, cancellation).ConfigureAwait(false);
        var containers = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var container in answer.RootElement.Items())
        {
            containers[container.Text("Id")] = container;
        }
        var targets = new List<LabelSet>();
        foreach (var container in answer.RootElement.Items().Where(container => container.Items("Names").Any()))
        {
            var common = Common(container);
            foreach (var network in NetworksOf(container, containers))
            {
                networks.TryGetValue(network.Text("NetworkID"), out var labels);
                targets.AddRange(OfNetwork(container, network, common, labels ?? LabelSet.Empty));
            }
        }
        return [new TargetGroup("Docker", targets, LabelSet.Empty)];
    }

    public void Dispose() => _engine.Dispose();

    private static LabelSet Common(JsonElement container) => new LabelSetBuilder()
        .Set($"{Prefix}container_id", container.Text("Id"))
        .Set($"{Prefix}container_name", container.Items("Names").First().Text())
        .Set($"{Prefix}container_network_mode", container.Text("HostConfig", "NetworkMode"))
        .SetAll($"{Prefix}container_label_", container.Get("Labels"))
        .Build();

    /// <summary>The container's own networks, or those of the container whose network it shares.</summary>
    private List<JsonElement> NetworksOf(JsonElement container, Dictionary<string, JsonElement> containers)
    {
        var networks = Own(container);
        for (var hop = 0; networks.Count == 0 && hop < MaxHops; hop++)
        {
            var mode = container.Text("HostConfig", "NetworkMode");
            if (!mode.StartsWith(OfContainer, StringComparison.Ordinal)
                || !containers.TryGetValue(mode[OfContainer.Length..], out container))
            {
                break;
            }
            networks = Own(container);
        }
        return options.MatchFirstNetwork ? [.. networks.Take(1)] : networks;
    }

    private static List<JsonElement> Own(JsonElement container) => [.. container.Get("NetworkSettings", "Networks").Members()
        .Where(network => network.Value.IsPresent()).OrderBy(network => network.Name, StringComparer.Ordinal)
        .Select(network => network.Value)];

    private IEnumerable<LabelSet> OfNetwork(JsonElement container, JsonElement network, LabelSet common, LabelSet networkLabels)
    {
        // A network without IPv4 gives its containers IPv6 addresses only.
        var ip = network.Text("IPAddress") is { Length: > 0 } v4 ? v4 : network.Text("GlobalIPv6Address");
        LabelSetBuilder Start() => new LabelSetBuilder(common).SetAll(networkLabels).Set($"{Prefix}network_ip", ip);
        var added = false;
        foreach (var port in container.Items("Ports").Where(port => port.Text("Type") == "tcp"))
        {
            var labels = Start().Set($"{Prefix}port_private", port.Text("PrivatePort"))
                .SetAddress(ip, port.Get("PrivatePort").Number());
            if (port.Get("PublicPort").Number() > 0)
            {
                labels.Set($"{Prefix}port_public", port.Text("PublicPort")).Set($"{Prefix}port_public_ip", port.Text("IP"));
            }
            added = true;
            yield return labels.Build();
        }
        if (!added)
        {
            // Containers in the host's network expose no ports, so they come by here.
            var onHost = container.Text("HostConfig", "NetworkMode") == "host";
            yield return (onHost ? Start().Set(TargetGroup.AddressLabel, options.HostNetworkingHost)
                : Start().SetAddress(ip, options.Port)).Build();
        }
    }
}
