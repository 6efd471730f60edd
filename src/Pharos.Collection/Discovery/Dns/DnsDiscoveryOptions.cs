namespace Pharos.Collection.Discovery.Dns;

/// <summary>One entry of <c>dns_sd_configs</c>.</summary>
/// <param name="Port">The port of targets whose records carry none: all but SRV.</param>
public sealed record DnsDiscoveryOptions(
    IReadOnlyList<string> Names, DnsRecordType Type, int Port, TimeSpan RefreshInterval) : DiscoveryOptions
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromSeconds(30);

    public override string Kind => "dns";

    /// <summary>Read before each refresh, so that a changed resolver file is followed.</summary>
    internal Func<ResolverConfig> Resolver { get; init; } = ResolverConfig.ReadSystem;

    internal override IDiscovery Create(DiscoveryContext context) => new RefreshingDiscovery(
        Kind, RefreshInterval, () => new DnsTargetSource(this, context), context);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is DnsDiscoveryOptions that && this with { Names = that.Names, Resolver = that.Resolver } == that
        && Names.SequenceEqual(that.Names, StringComparer.Ordinal);
}
