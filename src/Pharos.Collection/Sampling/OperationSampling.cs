namespace Pharos.Collection.Sampling;

/// <summary>What a service samples by operation.</summary>
/// <param name="DefaultRate">The probability of operations that are not listed.</param>
/// <param name="LowerBound">Traces per second that each operation samples at least.</param>
/// <param name="UpperBound">Traces per second that an operation samples at most; 0 for no bound.</param>
public sealed record OperationSampling(double DefaultRate, double LowerBound, IReadOnlyList<OperationStrategy> Operations, double UpperBound = 0);
