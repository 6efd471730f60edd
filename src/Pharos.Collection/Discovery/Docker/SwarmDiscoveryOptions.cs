namespace Pharos.Collection.Discovery.Docker;

/// <summary>One entry of <c>dockerswarm_sd_configs</c>.</summary>
public sealed record SwarmDiscoveryOptions : DiscoveryOptions
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromMinutes(1);

    public override string Kind => "dockerswarm";

    /// <summary>A manager's engine: <c>unix:///path</c>, <c>tcp://host:port</c> or an HTTP URL.</summary>
    public required string Host { get; init; }

    public required SwarmRole Role { get; init; }

    public required DiscoveryHttp Http { get; init; }

    /// <summary>Of nodes, and of services and tasks that publish none.</summary>
    public int Port { get; init; } = 80;

    public IReadOnlyList<DockerFilter> Filters { get; init; } = [];

    public TimeSpan RefreshInterval { get; init; } = DefaultRefreshInterval;

    internal override IDiscovery Create(DiscoveryContext context) =>
        new RefreshingDiscovery(Kind, RefreshInterval, () => new SwarmTargetSource(this), context);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is SwarmDiscoveryOptions that && this with { Filters = that.Filters } == that
        && Filters.Count == that.Filters.Count && Filters.Zip(that.Filters).All(pair => pair.First.SameAs(pair.Second));
}
