namespace Pharos.Query.PromQL.Syntax;

public sealed record ParenExpr(Expr Inner) : Expr
{
    public override ExprType Type => Inner.Type;

    public override IEnumerable<Expr> Children => [Inner];
}
