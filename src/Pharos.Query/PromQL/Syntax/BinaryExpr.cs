namespace Pharos.Query.PromQL.Syntax;

/// <param name="Matching">Null unless both sides are instant vectors.</param>
/// <param name="ReturnBool">The comparison answers 0 or 1 rather than filtering.</param>
public sealed record BinaryExpr(
    BinaryOperator Operator, Expr Left, Expr Right, VectorMatching? Matching, bool ReturnBool) : Expr
{
    public override ExprType Type => Left.Type == ExprType.Scalar && Right.Type == ExprType.Scalar
        ? ExprType.Scalar : ExprType.Vector;

    public override IEnumerable<Expr> Children => [Left, Right];
}
