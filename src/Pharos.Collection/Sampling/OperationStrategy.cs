namespace Pharos.Collection.Sampling;

/// <summary>With which probability one operation is sampled.</summary>
public sealed record OperationStrategy(string Operation, double SamplingRate);
