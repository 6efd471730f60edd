namespace Pharos.Collection.Shipping;

/// <summary><c>limits_config</c>: how fast and how long lines are read.</summary>
public sealed record ShipReadLimits
{
    /// <summary>Longer lines are cut or dropped; 0 for no limit of the user's.</summary>
    public long MaxLineBytes { get; init; }

    /// <summary>Whether longer lines are cut rather than dropped.</summary>
    public bool TruncateLines { get; init; }

    /// <summary>Lines a second over all sources; null for as many as there are.</summary>
    public double? LinesPerSecond { get; init; }

    public int LineBurst { get; init; } = 10_000;

    /// <summary>Whether lines beyond the rate are dropped; otherwise reading waits.</summary>
    public bool DropsBeyondRate { get; init; } = true;
}
