using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Results;

public sealed record ScalarValue(long TimestampMs, double Value) : QueryValue
{
    public override ExprType Type => ExprType.Scalar;
}
