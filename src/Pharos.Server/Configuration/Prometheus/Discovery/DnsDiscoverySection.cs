using Pharos.Collection.Discovery.Dns;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>dns_sd_configs</c>.</summary>
internal static class DnsDiscoverySection
{
    public static DnsDiscoveryOptions Read(DiscoveryEntry entry)
    {
        var type = entry.Map.Text("type", "SRV").ToUpperInvariant() switch
        {
            "A" => DnsRecordType.A,
            "AAAA" => DnsRecordType.Aaaa,
            "MX" => DnsRecordType.Mx,
            "NS" => DnsRecordType.Ns,
            _ => DnsRecordType.Srv,
        };
        return new DnsDiscoveryOptions(entry.Map.Texts("names"), type, entry.Port(0), entry.Refresh(30));
    }
}
