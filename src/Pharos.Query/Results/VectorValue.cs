using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Results;

/// <param name="Samples">In the order of the query: sorted only where the query sorts.</param>
public sealed record VectorValue(IReadOnlyList<VectorSample> Samples) : QueryValue
{
    public override ExprType Type => ExprType.Vector;
}
