namespace Pharos.Collection.Discovery.Dns;

/// <summary>The records that DNS discovery can ask for.</summary>
public enum DnsRecordType
{
    Srv,
    A,
    Aaaa,
    Mx,
    Ns,
}
