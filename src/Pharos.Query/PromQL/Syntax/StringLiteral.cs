namespace Pharos.Query.PromQL.Syntax;

public sealed record StringLiteral(string Value) : Expr
{
    public override ExprType Type => ExprType.String;
}
