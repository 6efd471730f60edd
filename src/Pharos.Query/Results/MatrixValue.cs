using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Results;

/// <param name="Series">Sorted by labels.</param>
public sealed record MatrixValue(IReadOnlyList<MatrixSeries> Series) : QueryValue
{
    public override ExprType Type => ExprType.Matrix;
}
