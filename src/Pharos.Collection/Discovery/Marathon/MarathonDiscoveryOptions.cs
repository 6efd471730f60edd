namespace Pharos.Collection.Discovery.Marathon;

/// <summary>One entry of <c>marathon_sd_configs</c>: the tasks of every app. Authentication is in the HTTP client.</summary>
public sealed record MarathonDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "marathon";

    /// <summary>Of one cluster; each refresh asks one of them.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    internal override bool SameAs(DiscoveryOptions other) => other is MarathonDiscoveryOptions that
        && this with { Servers = that.Servers } == that && Servers.SequenceEqual(that.Servers, StringComparer.Ordinal);

    private protected override ITargetSource Open(DiscoveryContext context) => new MarathonTargetSource(this);
}
