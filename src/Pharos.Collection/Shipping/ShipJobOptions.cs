using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Targets;

namespace Pharos.Collection.Shipping;

/// <summary>One entry of promtail.yml's <c>scrape_configs</c>, validated.</summary>
public sealed record ShipJobOptions
{
    public required string JobName { get; init; }

    public IReadOnlyList<StageFactory> Stages { get; init; } = [];

    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>What names files; the labels of what is found hold <c>__path__</c> after relabeling.</summary>
    public IReadOnlyList<DiscoveryOptions> Discoveries { get; init; } = [];

    /// <summary>The files' encoding by its IANA name; empty for UTF-8, or UTF-16 where a file begins with its mark.</summary>
    public string Encoding { get; init; } = "";

    /// <summary>How the files are packed; none for plain ones.</summary>
    public PackedFormat Packed { get; init; }

    /// <summary>How long a packed file is left alone after it was found: it may not be whole yet.</summary>
    public TimeSpan PackedDelay { get; init; }

    /// <summary>What else brings entries in: listeners and the like.</summary>
    public IReadOnlyList<SourceOptions> Sources { get; init; } = [];
}
