namespace Pharos.Collection.Discovery;

/// <summary>All of a job's <c>static_configs</c>.</summary>
public sealed record StaticDiscoveryOptions(IReadOnlyList<TargetGroup> Groups) : DiscoveryOptions
{
    public override string Kind => "static";

    internal override IDiscovery Create(DiscoveryContext context) => new StaticDiscovery(this);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is StaticDiscoveryOptions that && Groups.Count == that.Groups.Count &&
        Groups.Zip(that.Groups).All(pair => pair.First.SameAs(pair.Second));
}
