namespace Pharos.Collection.Discovery.Vultr;

/// <summary>One entry of <c>vultr_sd_configs</c>: every instance of the account.</summary>
public sealed record VultrDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "vultr";

    public string Server { get; init; } = "https://api.vultr.com";

    private protected override ITargetSource Open(DiscoveryContext context) => new VultrTargetSource(this);
}
