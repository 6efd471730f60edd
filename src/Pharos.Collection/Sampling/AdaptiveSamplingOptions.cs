namespace Pharos.Collection.Sampling;

/// <summary>How probabilities are adapted; names and defaults are Jaeger's <c>sampling.*</c>.</summary>
public sealed record AdaptiveSamplingOptions
{
    /// <summary>What each operation of each service is to sample.</summary>
    public double TargetSamplesPerSecond { get; init; } = 1;

    /// <summary>How far from the target, as a share of it, nothing is changed.</summary>
    public double DeltaTolerance { get; init; } = 0.3;

    public TimeSpan CalculationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Intervals that are looked back upon; the last one weighs most.</summary>
    public int AggregationBuckets { get; init; } = 10;

    /// <summary>Of an operation that is seen for the first time.</summary>
    public double InitialSamplingProbability { get; init; } = 0.001;

    public double MinSamplingProbability { get; init; } = 1e-5;

    /// <summary>What each operation samples at least, per second.</summary>
    public double MinSamplesPerSecond { get; init; } = 1.0 / 60;

    /// <summary>How much a probability may rise at once, as a share of it.</summary>
    public double IncreaseCap { get; init; } = 0.5;

    /// <summary>Pairs of service and operation that are known; further ones get the initial probability.</summary>
    public int MaxOperations { get; init; } = 20_000;
}
