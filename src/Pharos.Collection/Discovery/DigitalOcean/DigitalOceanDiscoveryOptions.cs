namespace Pharos.Collection.Discovery.DigitalOcean;

/// <summary>One entry of <c>digitalocean_sd_configs</c>: every droplet of the account.</summary>
public sealed record DigitalOceanDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "digitalocean";

    public string Server { get; init; } = "https://api.digitalocean.com";

    private protected override ITargetSource Open(DiscoveryContext context) => new DigitalOceanTargetSource(this);
}
