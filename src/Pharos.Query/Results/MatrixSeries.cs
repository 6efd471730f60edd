using Pharos.Storage.Model;

namespace Pharos.Query.Results;

/// <summary>One series of a matrix, as columns of equal length, oldest first.</summary>
public sealed record MatrixSeries(LabelSet Labels, IReadOnlyList<long> TimestampsMs, IReadOnlyList<double> Values);
