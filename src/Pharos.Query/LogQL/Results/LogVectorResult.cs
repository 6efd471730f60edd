using Pharos.Query.Results;

namespace Pharos.Query.LogQL.Results;

/// <param name="Samples">Sorted by labels, unless the query sorts them otherwise.</param>
public sealed record LogVectorResult(IReadOnlyList<VectorSample> Samples) : LogQueryResult;
