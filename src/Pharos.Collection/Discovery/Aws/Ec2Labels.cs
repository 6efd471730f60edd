using System.Globalization;
using System.Xml.Linq;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Aws;

/// <summary>An instance of EC2 to a target at its private address.</summary>
internal static class Ec2Labels
{
    private const string Prefix = "__meta_ec2_";
    private const string Separator = ",";

    public static LabelSet Of(
        XElement instance, string owner, string region, int port, IReadOnlyDictionary<string, string>? zones)
    {
        var zone = Text(instance.Element("placement"), "availabilityZone");
        var publicIp = Text(instance, "ipAddress");
        var labels = new LabelSetBuilder()
            .SetAddress(Text(instance, "privateIpAddress"), port)
            .Set($"{Prefix}instance_id", Text(instance, "instanceId"))
            .Set($"{Prefix}region", region)
            .Set($"{Prefix}owner_id", owner)
            .Set($"{Prefix}private_ip", Text(instance, "privateIpAddress"))
            .Set($"{Prefix}private_dns_name", Text(instance, "privateDnsName"))
            .Set($"{Prefix}platform", Text(instance, "platform"))
            .Set($"{Prefix}public_ip", publicIp)
            .Set($"{Prefix}public_dns_name", publicIp.Length > 0 ? Text(instance, "dnsName") : "")
            .Set($"{Prefix}ami", Text(instance, "imageId"))
            .Set($"{Prefix}availability_zone", zone)
            .Set($"{Prefix}availability_zone_id", zones?.GetValueOrDefault(zone) ?? "")
            .Set($"{Prefix}instance_state", Text(instance.Element("instanceState"), "name"))
            .Set($"{Prefix}instance_type", Text(instance, "instanceType"))
            .Set($"{Prefix}instance_lifecycle", Text(instance, "instanceLifecycle"))
            .Set($"{Prefix}architecture", Text(instance, "architecture"));
        if (Text(instance, "vpcId") is { Length: > 0 } vpc)
        {
            labels.Set($"{Prefix}vpc_id", vpc).Set($"{Prefix}primary_subnet_id", Text(instance, "subnetId"));
            SetInterfaces(labels, [.. instance.Elements("networkInterfaceSet").Elements("item").Where(each => each.Element("subnetId") is not null)]);
        }
        foreach (var tag in instance.Elements("tagSet").Elements("item"))
        {
            labels.Set($"{Prefix}tag_{MetaLabels.Sanitize(Text(tag, "key"))}", Text(tag, "value"));
        }
        return labels.Build();
    }

    private static void SetInterfaces(LabelSetBuilder labels, List<XElement> interfaces)
    {
        var subnets = interfaces.Select(each => Text(each, "subnetId")).Distinct(StringComparer.Ordinal);
        labels.Set($"{Prefix}subnet_id", MetaLabels.Joined(subnets, Separator));
        var addresses = new List<string>();
        var primary = new List<string>();
        foreach (var each in interfaces)
        {
            foreach (var address in each.Elements("ipv6AddressesSet").Elements("item"))
            {
                addresses.Add(Text(address, "ipv6Address"));
                if (Text(address, "isPrimaryIpv6") == "true")
                {
                    SetAt(primary, DeviceIndex(each), addresses[^1]);
                }
            }
        }
        labels.Set($"{Prefix}ipv6_addresses", addresses.Count == 0 ? "" : MetaLabels.Joined(addresses, Separator));
        labels.Set($"{Prefix}primary_ipv6_addresses", primary.Count == 0 ? "" : MetaLabels.Joined(primary, Separator));
    }

    /// <summary>The place in the list says at which interface the address is; those without one stay empty.</summary>
    private static void SetAt(List<string> list, int index, string address)
    {
        while (list.Count <= index)
        {
            list.Add("");
        }
        list[index] = address;
    }

    /// <summary>No machine has more interfaces than a byte counts.</summary>
    private static int DeviceIndex(XElement each) => byte.TryParse(
        Text(each.Element("attachment"), "deviceIndex"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0;

    private static string Text(XElement? parent, string name) => parent?.Element(name)?.Value ?? "";
}
