namespace Pharos.Collection.Discovery.Linode;

/// <summary>One entry of <c>linode_sd_configs</c>: every instance of the account.</summary>
public sealed record LinodeDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "linode";

    /// <summary>Empty: all.</summary>
    public string Region { get; init; } = "";

    public string TagSeparator { get; init; } = ",";

    public string Server { get; init; } = "https://api.linode.com";

    private protected override ITargetSource Open(DiscoveryContext context) => new LinodeTargetSource(this, context.Metrics);
}
