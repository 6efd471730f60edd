namespace Pharos.Collection.Discovery.Aws;

/// <summary>One entry of <c>ec2_sd_configs</c>: the instances of one region.</summary>
public sealed record Ec2DiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "ec2";

    public required AwsAccess Access { get; init; }

    public IReadOnlyList<Ec2Filter> Filters { get; init; } = [];

    internal override bool SameAs(DiscoveryOptions other) => other is Ec2DiscoveryOptions that
        && this with { Filters = that.Filters } == that
        && Filters.Count == that.Filters.Count && Filters.Zip(that.Filters).All(pair => pair.First.SameAs(pair.Second));

    private protected override ITargetSource Open(DiscoveryContext context) => new Ec2TargetSource(this, context);
}
