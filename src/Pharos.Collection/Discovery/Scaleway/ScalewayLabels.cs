using System.Net;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Scaleway;

/// <summary>Servers of both kinds to targets.</summary>
internal static class ScalewayLabels
{
    private const string Separator = ",";

    /// <summary>Null for an instance without any address: it cannot be a target, not even by relabeling.</summary>
    public static LabelSet? OfInstance(JsonElement server, int port)
    {
        const string Prefix = "__meta_scaleway_instance_";
        var (image, location, security) = (server.Get("image"), server.Get("location"), server.Get("security_group"));
        var zone = server.Text("zone");
        var v4 = Addresses(server, "inet");
        var v6 = Addresses(server, "inet6");
        var publicV4 = Canonical(server.Text("public_ip", "address"));
        var publicV6 = Canonical(server.Text("ipv6", "address"));
        var privateV4 = server.Text("private_ip");
        var address = new[] { privateV4, publicV4, publicV6, v4.FirstOrDefault(""), v6.FirstOrDefault("") }.FirstOrDefault(ip => ip.Length > 0);
        return address is null ? null : new LabelSetBuilder()
            .SetAddress(address, port)
            .Set($"{Prefix}boot_type", server.Text("boot_type"))
            .Set($"{Prefix}hostname", server.Text("hostname"))
            .Set($"{Prefix}id", server.Text("id"))
            .Set($"{Prefix}name", server.Text("name"))
            .Set($"{Prefix}organization_id", server.Text("organization"))
            .Set($"{Prefix}project_id", server.Text("project"))
            .Set($"{Prefix}status", server.Text("state"))
            .Set($"{Prefix}type", server.Text("commercial_type"))
            .Set($"{Prefix}zone", zone)
            .Set($"{Prefix}region", zone.LastIndexOf('-') is > 0 and var dash ? zone[..dash] : "")
            .Set($"{Prefix}image_arch", image.Text("arch"))
            .Set($"{Prefix}image_id", image.Text("id"))
            .Set($"{Prefix}image_name", image.Text("name"))
            .Set($"{Prefix}location_cluster_id", location.Text("cluster_id"))
            .Set($"{Prefix}location_hypervisor_id", location.Text("hypervisor_id"))
            .Set($"{Prefix}location_node_id", location.Text("node_id"))
            .Set($"{Prefix}security_group_id", security.Text("id"))
            .Set($"{Prefix}security_group_name", security.Text("name"))
            .Set($"{Prefix}tags", Joined(server.Items("tags").Select(tag => tag.Text())))
            .Set($"{Prefix}public_ipv4_addresses", Joined(v4))
            .Set($"{Prefix}public_ipv6_addresses", Joined(v6))
            .Set($"{Prefix}public_ipv4", publicV4)
            .Set($"{Prefix}public_ipv6", publicV6)
            .Set($"{Prefix}private_ipv4", privateV4)
            .Build();
    }

    /// <summary>One target per address of a server.</summary>
    public static IEnumerable<LabelSet> OfBaremetal(
        JsonElement server, List<JsonElement> offers, List<JsonElement> systems, int port)
    {
        const string Prefix = "__meta_scaleway_baremetal_";
        var offer = offers.FirstOrDefault(offer => offer.Text("id") == server.Text("offer_id"));
        var system = systems.FirstOrDefault(system => system.Text("id") == server.Text("install", "os_id"));
        foreach (var ip in server.Items("ips"))
        {
            var address = Canonical(ip.Text("address"));
            var labels = new LabelSetBuilder()
                .SetAddress(address, port)
                .Set($"{Prefix}id", server.Text("id"))
                .Set($"{Prefix}name", server.Text("name"))
                .Set($"{Prefix}zone", server.Text("zone"))
                .Set($"{Prefix}status", server.Text("status"))
                .Set($"{Prefix}project_id", server.Text("project_id"))
                .Set($"{Prefix}type", offer.Text("name"))
                .Set($"{Prefix}os_name", system.Text("name"))
                .Set($"{Prefix}os_version", system.Text("version"))
                .Set($"{Prefix}tags", Joined(server.Items("tags").Select(tag => tag.Text())))
                .Set(ip.Text("version") == "IPv6" ? $"{Prefix}public_ipv6" : $"{Prefix}public_ipv4", address);
            yield return labels.Build();
        }
    }

    private static List<string> Addresses(JsonElement server, string family) =>
        [.. server.Items("public_ips").Where(ip => ip.Text("family") == family).Select(ip => Canonical(ip.Text("address")))];

    private static string Canonical(string address) => IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : address;

    private static string Joined(IEnumerable<string> items) =>
        items.ToList() is { Count: > 0 } list ? MetaLabels.Joined(list, Separator) : "";
}
