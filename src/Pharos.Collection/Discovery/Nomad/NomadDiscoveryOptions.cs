namespace Pharos.Collection.Discovery.Nomad;

/// <summary>One entry of <c>nomad_sd_configs</c>: the instances of every service that Nomad itself registers.</summary>
public sealed record NomadDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "nomad";

    /// <summary>Without a slash at the end.</summary>
    public required string Server { get; init; }

    /// <summary>Any server may answer, which is cheap; what it says may be old.</summary>
    public bool AllowStale { get; init; } = true;

    public string Namespace { get; init; } = "default";

    public string Region { get; init; } = "global";

    public string TagSeparator { get; init; } = ",";

    private protected override ITargetSource Open(DiscoveryContext context) => new NomadTargetSource(this, context.Metrics);
}
