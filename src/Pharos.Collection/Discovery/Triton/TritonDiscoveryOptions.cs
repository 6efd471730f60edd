namespace Pharos.Collection.Discovery.Triton;

/// <summary>One entry of <c>triton_sd_configs</c>: what Container Monitor knows of an account's containers or compute nodes.</summary>
public sealed record TritonDiscoveryOptions : PolledDiscoveryOptions
{
    public const int DefaultPort = 9163;

    public override string Kind => "triton";

    public required string DnsSuffix { get; init; }

    /// <summary>A host; asked over HTTPS at the port that is also scraped.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Whether compute nodes are wanted and not containers.</summary>
    public bool ComputeNodes { get; init; }

    /// <summary>Of containers; none for all.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public int Version { get; init; } = 1;

    internal override bool SameAs(DiscoveryOptions other) => other is TritonDiscoveryOptions that
        && this with { Groups = that.Groups } == that && Groups.SequenceEqual(that.Groups, StringComparer.Ordinal);

    private protected override ITargetSource Open(DiscoveryContext context) => new TritonTargetSource(this);
}
