namespace Pharos.Query.PromQL;

/// <summary>What one query asks for differently.</summary>
public sealed record QueryParameters
{
    /// <summary>Instead of the engine's lookback.</summary>
    public TimeSpan? Lookback { get; init; }

    /// <summary>Shortens the engine's timeout; never lengthens it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Runs even where expensive queries are refused: those of rules, which are shed on their own.</summary>
    public bool IsExempt { get; init; }
}
