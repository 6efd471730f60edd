namespace Pharos.Collection.Discovery.Eureka;

/// <summary>One entry of <c>eureka_sd_configs</c>: the instances of every application.</summary>
public sealed record EurekaDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "eureka";

    /// <summary>With the path of the API: <c>https://eureka.example.com/eureka/v2</c>.</summary>
    public required string Server { get; init; }

    private protected override ITargetSource Open(DiscoveryContext context) => new EurekaTargetSource(this);
}
