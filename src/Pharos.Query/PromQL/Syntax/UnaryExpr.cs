namespace Pharos.Query.PromQL.Syntax;

public sealed record UnaryExpr(bool Negative, Expr Operand) : Expr
{
    public override ExprType Type => Operand.Type;

    public override IEnumerable<Expr> Children => [Operand];
}
