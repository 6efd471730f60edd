namespace Pharos.Collection.Discovery.Docker;

/// <summary>One entry of <c>docker_sd_configs</c>: the containers of one engine.</summary>
public sealed record DockerDiscoveryOptions : DiscoveryOptions
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromMinutes(1);

    public override string Kind => "docker";

    /// <summary>The engine: <c>unix:///path</c>, <c>tcp://host:port</c> or an HTTP URL.</summary>
    public required string Host { get; init; }

    public required DiscoveryHttp Http { get; init; }

    /// <summary>Of containers that expose none.</summary>
    public int Port { get; init; } = 80;

    public IReadOnlyList<DockerFilter> Filters { get; init; } = [];

    /// <summary>The address of containers in the host's own network.</summary>
    public string HostNetworkingHost { get; init; } = "localhost";

    /// <summary>Whether a container of several networks gives targets for the first by name only.</summary>
    public bool MatchFirstNetwork { get; init; } = true;

    public TimeSpan RefreshInterval { get; init; } = DefaultRefreshInterval;

    internal override IDiscovery Create(DiscoveryContext context) =>
        new RefreshingDiscovery(Kind, RefreshInterval, () => new DockerTargetSource(this), context);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is DockerDiscoveryOptions that && this with { Filters = that.Filters } == that
        && Filters.Count == that.Filters.Count && Filters.Zip(that.Filters).All(pair => pair.First.SameAs(pair.Second));
}
