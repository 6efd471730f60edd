namespace Pharos.Collection.Discovery.Aws;

/// <summary>One entry of <c>lightsail_sd_configs</c>: the instances of one region.</summary>
public sealed record LightsailDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "lightsail";

    public required AwsAccess Access { get; init; }

    private protected override ITargetSource Open(DiscoveryContext context) => new LightsailTargetSource(this);
}
