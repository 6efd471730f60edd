namespace Pharos.Collection.Discovery.PuppetDb;

/// <summary>One entry of <c>puppetdb_sd_configs</c>: the resources that a query of PuppetDB finds.</summary>
public sealed record PuppetDbDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "puppetdb";

    public required string Url { get; init; }

    /// <summary>In the Puppet Query Language; resources only.</summary>
    public required string Query { get; init; }

    /// <summary>Whether a resource's parameters become labels; they may hold secrets.</summary>
    public bool IncludeParameters { get; init; }

    private protected override ITargetSource Open(DiscoveryContext context) => new PuppetDbTargetSource(this);
}
