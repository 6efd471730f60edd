namespace Pharos.Collection.Discovery.Ionos;

/// <summary>One entry of <c>ionos_sd_configs</c>: the servers of one datacenter.</summary>
public sealed record IonosDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "ionos";

    public required string DatacenterId { get; init; }

    public string Server { get; init; } = "https://api.ionos.com";

    private protected override ITargetSource Open(DiscoveryContext context) => new IonosTargetSource(this);
}
