namespace Pharos.Query.TraceQL;

/// <summary>What a query may take.</summary>
public sealed record TraceEngineOptions
{
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Points of one series.</summary>
    public int MaxPoints { get; init; } = 11_000;

    /// <summary>Series in an answer; the others are left out and the answer says so.</summary>
    public int MaxSeries { get; init; } = 1_000;

    /// <summary>Numbers that a query may hold while it reckons: bounds its memory.</summary>
    public int MaxCells { get; init; } = 8_000_000;
}
