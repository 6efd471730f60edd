using Pharos.Query.PromQL.Functions;

namespace Pharos.Query.PromQL.Syntax;

public sealed record CallExpr(FunctionSignature Function, IReadOnlyList<Expr> Arguments) : Expr
{
    public override ExprType Type => Function.ReturnType;

    public override IEnumerable<Expr> Children => Arguments;
}
