namespace Pharos.Collection.Discovery.Scaleway;

/// <summary>One entry of <c>scaleway_sd_configs</c>: the servers of one zone. The secret key is in the HTTP client.</summary>
public sealed record ScalewayDiscoveryOptions : PolledDiscoveryOptions
{
    public override string Kind => "scaleway";

    public required ScalewayRole Role { get; init; }

    public string ApiUrl { get; init; } = "https://api.scaleway.com";

    public string Zone { get; init; } = "fr-par-1";

    /// <summary>A part of the name; empty for all.</summary>
    public string NameFilter { get; init; } = "";

    /// <summary>A server must have all of them.</summary>
    public IReadOnlyList<string> TagsFilter { get; init; } = [];

    internal override bool SameAs(DiscoveryOptions other) => other is ScalewayDiscoveryOptions that
        && this with { TagsFilter = that.TagsFilter } == that && TagsFilter.SequenceEqual(that.TagsFilter, StringComparer.Ordinal);

    private protected override ITargetSource Open(DiscoveryContext context) => new ScalewayTargetSource(this);
}
