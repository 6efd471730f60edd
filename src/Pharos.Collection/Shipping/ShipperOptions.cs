using Pharos.Collection.Shipping.Clients;

namespace Pharos.Collection.Shipping;

/// <summary>A promtail.yml, validated.</summary>
public sealed record ShipperOptions
{
    public IReadOnlyList<ShipJobOptions> Jobs { get; init; } = [];

    /// <summary>Where the lines go; each of these reads for itself.</summary>
    public IReadOnlyList<ShipClientOptions> Clients { get; init; } = [];

    public ShipReadLimits Limits { get; init; } = new();

    /// <summary>Promtail's own file of positions: read once for files that are new here, and written for people to read; empty for none.</summary>
    public string PositionsFile { get; init; } = "";

    public TimeSpan PositionsSyncPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often globs are looked at anew.</summary>
    public TimeSpan TargetSyncPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often files are looked at for growth.</summary>
    public TimeSpan PollPeriod { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Equal for files that ask for the same, environment included.</summary>
    public string Fingerprint { get; init; } = "";
}
