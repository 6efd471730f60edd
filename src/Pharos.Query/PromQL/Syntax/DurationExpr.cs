namespace Pharos.Query.PromQL.Syntax;

/// <summary>Arithmetic on durations inside <c>[...]</c> or after <c>offset</c>; its operands are these or numbers.</summary>
/// <param name="Left">Null for a sign and for <c>step()</c> and <c>range()</c>.</param>
/// <param name="Right">Null for <c>step()</c> and <c>range()</c>.</param>
/// <param name="Wrapped">Stands in parentheses.</param>
public sealed record DurationExpr(DurationOperator Operator, Expr? Left, Expr? Right, bool Wrapped = false) : Expr
{
    public override ExprType Type => ExprType.Scalar;
}
