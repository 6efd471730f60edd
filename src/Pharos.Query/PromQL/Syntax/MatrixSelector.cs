namespace Pharos.Query.PromQL.Syntax;

/// <param name="Vector">Holds the offset, <c>@</c> and range extension, too.</param>
public sealed record MatrixSelector(VectorSelector Vector, long RangeMs, Expr? RangeExpr = null) : Expr
{
    public override ExprType Type => ExprType.Matrix;

    public override IEnumerable<Expr> Children => [Vector];
}
