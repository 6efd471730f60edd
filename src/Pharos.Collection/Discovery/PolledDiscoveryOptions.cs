namespace Pharos.Collection.Discovery;

/// <summary>One entry for an API over HTTP that is asked for all machines at an interval.</summary>
public abstract record PolledDiscoveryOptions : DiscoveryOptions
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromMinutes(1);

    public required DiscoveryHttp Http { get; init; }

    /// <summary>Where a target is scraped that names no port of its own.</summary>
    public int Port { get; init; } = 80;

    public TimeSpan RefreshInterval { get; init; } = DefaultRefreshInterval;

    /// <summary>The longest that one refresh may take.</summary>
    private protected virtual TimeSpan Deadline => RefreshInterval;

    internal override IDiscovery Create(DiscoveryContext context) =>
        new RefreshingDiscovery(Kind, RefreshInterval, () => Open(context), context) { Deadline = Deadline };

    /// <remarks>An entry with lists compares those by itself.</remarks>
    internal override bool SameAs(DiscoveryOptions other) => Equals(other);

    private protected abstract ITargetSource Open(DiscoveryContext context);
}
