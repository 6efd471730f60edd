namespace Pharos.Collection.Discovery.OpenStack;

/// <summary>One entry of <c>openstack_sd_configs</c>.</summary>
public sealed record OpenStackDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "openstack";

    public required OpenStackRole Role { get; init; }

    /// <summary>Keystone, with or without its version in the path.</summary>
    public required string IdentityEndpoint { get; init; }

    public required OpenStackLogin Login { get; init; }

    public string Region { get; init; } = "";

    /// <summary>Which of a service's addresses is used: <c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public string Availability { get; init; } = "public";

    /// <summary>Whether instances of every project are listed.</summary>
    public bool AllTenants { get; init; }

    private protected override ITargetSource Open(DiscoveryContext context) => new OpenStackTargetSource(this);
}
