using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Results;

public sealed record StringValue(long TimestampMs, string Value) : QueryValue
{
    public override ExprType Type => ExprType.String;
}
