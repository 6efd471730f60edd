using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.OpenStack;

/// <summary>Lists what the role asks for, after a login of its own each time.</summary>
internal sealed class OpenStackTargetSource(OpenStackDiscoveryOptions options) : ITargetSource
{
    private const string Prefix = "__meta_openstack_";

    private readonly OpenStackApi _api = new(options);

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        await _api.LoginAsync(cancellation).ConfigureAwait(false);
        var targets = options.Role switch
        {
            OpenStackRole.Hypervisor => await HypervisorsAsync(cancellation).ConfigureAwait(false),
            OpenStackRole.LoadBalancer => await LoadBalancersAsync(cancellation).ConfigureAwait(false),
            _ => await InstancesAsync(cancellation).ConfigureAwait(false),
        };
        return [new TargetGroup($"OS_{options.Region}", [.. targets], LabelSet.Empty)];
    }

    public void Dispose() => _api.Dispose();

    private async Task<IEnumerable<LabelSet>> HypervisorsAsync(CancellationToken cancellation)
    {
        var found = await _api.ListAsync($"{_api.EndpointOf("compute", "")}/os-hypervisors/detail", "hypervisors", cancellation).ConfigureAwait(false);
        return found.Select(hypervisor => new LabelSetBuilder()
            .SetAddress(hypervisor.Text("host_ip"), options.Port)
            .Set($"{Prefix}hypervisor_id", hypervisor.Text("id"))
            .Set($"{Prefix}hypervisor_hostname", hypervisor.Text("hypervisor_hostname"))
            .Set($"{Prefix}hypervisor_host_ip", hypervisor.Text("host_ip"))
            .Set($"{Prefix}hypervisor_status", hypervisor.Text("status"))
            .Set($"{Prefix}hypervisor_state", hypervisor.Text("state"))
            .Set($"{Prefix}hypervisor_type", hypervisor.Text("hypervisor_type"))
            .Build());
    }

    /// <summary>One target per private address; the floating one that leads to it is a label.</summary>
    private async Task<IEnumerable<LabelSet>> InstancesAsync(CancellationToken cancellation)
    {
        var network = _api.EndpointOf("network", "v2.0");
        var ports = (await _api.ListAsync($"{network}/ports", "ports", cancellation).ConfigureAwait(false))
            .DistinctBy(port => port.Text("id")).ToDictionary(port => port.Text("id"), port => port.Text("device_id"), StringComparer.Ordinal);
        var floating = (await _api.ListAsync($"{network}/floatingips", "floatingips", cancellation).ConfigureAwait(false))
            .Where(ip => ip.Text("fixed_ip_address").Length > 0 && ports.ContainsKey(ip.Text("port_id"))).ToList();
        var publicOf = new Dictionary<(string, string, string), string>();
        foreach (var ip in floating)
        {
            publicOf[(ip.Text("tenant_id"), ports[ip.Text("port_id")], ip.Text("fixed_ip_address"))] = ip.Text("floating_ip_address");
        }
        var outside = floating.Select(ip => ip.Text("floating_ip_address")).ToHashSet(StringComparer.Ordinal);
        var servers = await _api.ListAsync(
            $"{_api.EndpointOf("compute", "")}/servers/detail{(options.AllTenants ? "?all_tenants=true" : "")}", "servers", cancellation).ConfigureAwait(false);
        return servers.SelectMany(server => OfInstance(server, publicOf, outside));
    }

    private IEnumerable<LabelSet> OfInstance(
        JsonElement server, Dictionary<(string, string, string), string> publicOf, HashSet<string> outside)
    {
        var (id, project) = (server.Text("id"), server.Text("tenant_id"));
        // From microversion 2.47 on a flavor is told by its name, before by its id.
        var flavor = server.Text("flavor", "original_name") is { Length: > 0 } name ? name : server.Text("flavor", "id");
        foreach (var pool in server.Get("addresses").Members())
        {
            foreach (var address in pool.Value.Items().Select(address => address.Text("addr")).Where(ip => ip.Length > 0 && !outside.Contains(ip)))
            {
                yield return new LabelSetBuilder()
                    .SetAddress(address, options.Port)
                    .Set($"{Prefix}instance_id", id)
                    .Set($"{Prefix}instance_status", server.Text("status"))
                    .Set($"{Prefix}instance_name", server.Text("name"))
                    .Set($"{Prefix}instance_flavor", flavor)
                    .Set($"{Prefix}instance_image", server.Text("image", "id"))
                    .Set($"{Prefix}project_id", project)
                    .Set($"{Prefix}user_id", server.Text("user_id"))
                    .SetAll($"{Prefix}tag_", server.Get("metadata"))
                    .Set($"{Prefix}address_pool", pool.Name)
                    .Set($"{Prefix}private_ip", address)
                    .Set($"{Prefix}public_ip", publicOf.GetValueOrDefault((project, id, address), ""))
                    .Build();
            }
        }
    }

    /// <summary>Those with a listener that speaks Prometheus, at that listener's port.</summary>
    private async Task<IEnumerable<LabelSet>> LoadBalancersAsync(CancellationToken cancellation)
    {
        var service = _api.EndpointOf("load-balancer", "v2.0");
        var balancers = await _api.ListAsync($"{service}/lbaas/loadbalancers", "loadbalancers", cancellation).ConfigureAwait(false);
        var listeners = (await _api.ListAsync($"{service}/lbaas/listeners", "listeners", cancellation).ConfigureAwait(false))
            .Where(listener => listener.Text("protocol") == "PROMETHEUS").ToList();
        var floating = await _api.ListAsync($"{_api.EndpointOf("network", "v2.0")}/floatingips", "floatingips", cancellation).ConfigureAwait(false);
        return balancers.Select(balancer => OfLoadBalancer(balancer, listeners, floating)).OfType<LabelSet>();
    }

    private static LabelSet? OfLoadBalancer(JsonElement balancer, List<JsonElement> listeners, List<JsonElement> floating)
    {
        var listener = listeners.FirstOrDefault(
            listener => listener.Items("loadbalancers").Any(owner => owner.Text("id") == balancer.Text("id")));
        if (!listener.IsPresent())
        {
            return null;
        }
        var port = balancer.Text("vip_port_id");
        return new LabelSetBuilder()
            .Set(TargetGroup.AddressLabel, MetaLabels.JoinHostPort(
                balancer.Text("vip_address"), listener.Get("protocol_port").Number().ToString(CultureInfo.InvariantCulture)))
            .Set($"{Prefix}loadbalancer_id", balancer.Text("id"))
            .Set($"{Prefix}loadbalancer_name", balancer.Text("name"))
            .Set($"{Prefix}loadbalancer_operating_status", balancer.Text("operating_status"))
            .Set($"{Prefix}loadbalancer_provisioning_status", balancer.Text("provisioning_status"))
            .Set($"{Prefix}loadbalancer_availability_zone", balancer.Text("availability_zone"))
            .Set($"{Prefix}loadbalancer_vip", balancer.Text("vip_address"))
            .Set($"{Prefix}loadbalancer_provider", balancer.Text("provider"))
            .Set($"{Prefix}project_id", balancer.Text("project_id"))
            .Set($"{Prefix}loadbalancer_tags", string.Join(',', balancer.Items("tags").Select(tag => tag.Text())))
            .Set($"{Prefix}loadbalancer_floating_ip", port.Length == 0 ? ""
                : floating.FirstOrDefault(ip => ip.Text("port_id") == port).Text("floating_ip_address"))
            .Build();
    }
}
