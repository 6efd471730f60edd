using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Hetzner;

/// <summary>One target per server, at its public IPv4 address.</summary>
internal sealed class HetznerTargetSource(HetznerDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_hetzner_";
    private const string Cloud = "__meta_hetzner_hcloud_";
    private const int PageSize = 50;
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        if (options.Role == HetznerRole.Robot)
        {
            using var answer = await _client.GetAsync($"{options.RobotServer}/server", cancellation).ConfigureAwait(false);
            return [new TargetGroup("hetzner", [.. answer.RootElement.RequiredItems().Select(item => OfRobot(item.Get("server")))], LabelSet.Empty)];
        }
        var selector = options.LabelSelector.Length == 0 ? "" : $"&label_selector={Uri.EscapeDataString(options.LabelSelector)}";
        var servers = await ListAsync("servers", selector, cancellation).ConfigureAwait(false);
        var networks = await ListAsync("networks", "", cancellation).ConfigureAwait(false);
        return [new TargetGroup("hetzner", [.. servers.Select(server => OfCloud(server, networks))], LabelSet.Empty)];
    }

    public void Dispose() => _client.Dispose();

    private LabelSet OfCloud(JsonElement server, List<JsonElement> networks)
    {
        var (type, image) = (server.Get("server_type"), server.Get("image"));
        // The datacenter is on its way out of the API; the location stands in both forms.
        var location = server.Get("datacenter", "location") is { ValueKind: JsonValueKind.Object } inside ? inside : server.Get("location");
        var ip = server.Get("public_net", "ipv4").Text("ip");
        var labels = new LabelSetBuilder()
            .SetAddress(ip, options.Port)
            .Set($"{Prefix}role", "hcloud")
            .Set($"{Prefix}server_id", server.Text("id"))
            .Set($"{Prefix}server_name", server.Text("name"))
            .Set($"{Prefix}server_status", server.Text("status"))
            .Set($"{Prefix}datacenter", server.Text("datacenter", "name"))
            .Set($"{Prefix}public_ipv4", ip)
            .Set($"{Prefix}public_ipv6_network", server.Get("public_net", "ipv6").Text("ip"))
            .Set($"{Cloud}datacenter_location", location.Text("name"))
            .Set($"{Cloud}datacenter_location_network_zone", location.Text("network_zone"))
            .Set($"{Cloud}location", location.Text("name"))
            .Set($"{Cloud}location_network_zone", location.Text("network_zone"))
            .Set($"{Cloud}server_type", type.Text("name"))
            .Set($"{Cloud}cpu_cores", type.Text("cores"))
            .Set($"{Cloud}cpu_type", type.Text("cpu_type"))
            .Set($"{Cloud}memory_size_gb", type.Text("memory").Split('.')[0])
            .Set($"{Cloud}disk_size_gb", type.Text("disk"))
            .Set($"{Cloud}image_name", image.Text("name"))
            .Set($"{Cloud}image_description", image.Text("description"))
            .Set($"{Cloud}image_os_flavor", image.Text("os_flavor"))
            .Set($"{Cloud}image_os_version", image.Text("os_version"));
        foreach (var attached in server.Items("private_net"))
        {
            var network = networks.FirstOrDefault(network => network.Text("id") == attached.Text("network"));
            if (network.IsPresent())
            {
                labels.Set($"{Cloud}private_ipv4_{MetaLabels.Sanitize(network.Text("name"))}", attached.Text("ip"));
            }
        }
        foreach (var label in server.Get("labels").Members())
        {
            var name = MetaLabels.Sanitize(label.Name);
            labels.Set($"{Cloud}label_{name}", label.Value.Text()).Set($"{Cloud}labelpresent_{name}", "true");
        }
        return labels.Build();
    }

    private LabelSet OfRobot(JsonElement server)
    {
        var v6 = server.Items("subnet").FirstOrDefault(subnet => subnet.Text("ip").Contains(':', StringComparison.Ordinal));
        return new LabelSetBuilder()
            .SetAddress(server.Text("server_ip"), options.Port)
            .Set($"{Prefix}role", "robot")
            .Set($"{Prefix}server_id", server.Text("server_number"))
            .Set($"{Prefix}server_name", server.Text("server_name"))
            .Set($"{Prefix}server_status", server.Text("status"))
            .Set($"{Prefix}datacenter", server.Text("dc").ToLowerInvariant())
            .Set($"{Prefix}public_ipv4", server.Text("server_ip"))
            .Set($"{Prefix}public_ipv6_network", v6.IsPresent() ? $"{v6.Text("ip")}/{v6.Text("mask")}" : "")
            .Set($"{Prefix}robot_datacenter", server.Text("dc").ToLowerInvariant())
            .Set($"{Prefix}robot_product", server.Text("product"))
            .Set($"{Prefix}robot_cancelled", server.Get("cancelled").IsTrue() ? "true" : "false")
            .Build();
    }

    private async Task<List<JsonElement>> ListAsync(string things, string filter, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        for (var page = 1L; page is > 0 and <= MaxPages;)
        {
            using var answer = await _client.GetAsync(
                $"{options.CloudServer}/{things}?page={page}&per_page={PageSize}{filter}", cancellation).ConfigureAwait(false);
            items.AddRange(answer.RootElement.Items(things).Select(item => item.Clone()));
            page = answer.RootElement.Get("meta", "pagination").Get("next_page").Number();
        }
        return items;
    }
}
