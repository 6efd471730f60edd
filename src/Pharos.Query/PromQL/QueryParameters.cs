namespace Pharos.Query.PromQL;

/// <summary>What one query asks for differently.</summary>
public sealed record QueryParameters
{
    /// <summary>Instead of the engine's lookback.</summary>
    public TimeSpan? Lookback { get; init; }

    /// <summary>Shortens the engine's timeout; never lengthens it.</summary>
    public TimeSpan? Timeout { get; init; }
}
