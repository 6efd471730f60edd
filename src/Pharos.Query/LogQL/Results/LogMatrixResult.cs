using Pharos.Query.Results;

namespace Pharos.Query.LogQL.Results;

/// <param name="Series">Sorted by labels.</param>
public sealed record LogMatrixResult(IReadOnlyList<MatrixSeries> Series) : LogQueryResult;
