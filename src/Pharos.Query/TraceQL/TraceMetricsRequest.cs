namespace Pharos.Query.TraceQL;

/// <summary>Which times numbers are wanted for.</summary>
public sealed record TraceMetricsRequest
{
    public string Tenant { get; init; } = "";

    public required long StartNs { get; init; }

    public required long EndNs { get; init; }

    /// <summary>0 for one point of the whole range.</summary>
    public long StepNs { get; init; }

    /// <summary>How many exemplars are given at most.</summary>
    public int MaxExemplars { get; init; }
}
