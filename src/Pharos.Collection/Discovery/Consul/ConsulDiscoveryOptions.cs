namespace Pharos.Collection.Discovery.Consul;

/// <summary>One entry of <c>consul_sd_configs</c>. Authentication is in <see cref="Http"/>.</summary>
public sealed record ConsulDiscoveryOptions : DiscoveryOptions
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromSeconds(30);

    public override string Kind => "consul";

    /// <summary>Scheme, host, port and path prefix of the agent, without a slash at the end.</summary>
    public required string Address { get; init; }

    public required DiscoveryHttp Http { get; init; }

    /// <summary>Empty: the agent's own.</summary>
    public string Datacenter { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Partition { get; init; } = "";

    public string TagSeparator { get; init; } = ",";

    /// <summary>Any server may answer, which is cheap; what it says may be old.</summary>
    public bool AllowStale { get; init; } = true;

    /// <summary>The shortest time between two answers about one service.</summary>
    public TimeSpan RefreshInterval { get; init; } = DefaultRefreshInterval;

    /// <summary>None: all.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>A service must carry all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> NodeMeta { get; init; } = [];

    /// <summary>An expression on the catalog, evaluated by Consul.</summary>
    public string Filter { get; init; } = "";

    /// <summary>An expression on a service's instances, evaluated by Consul.</summary>
    public string HealthFilter { get; init; } = "";

    internal override IDiscovery Create(DiscoveryContext context) => new ConsulDiscovery(this, context);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is ConsulDiscoveryOptions that
        && this with { Services = that.Services, Tags = that.Tags, NodeMeta = that.NodeMeta } == that
        && Services.SequenceEqual(that.Services, StringComparer.Ordinal)
        && Tags.SequenceEqual(that.Tags, StringComparer.Ordinal)
        && NodeMeta.SequenceEqual(that.NodeMeta);
}
