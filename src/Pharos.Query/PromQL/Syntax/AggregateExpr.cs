namespace Pharos.Query.PromQL.Syntax;

/// <param name="Parameter">The k of topk, the label of count_values, and so on; null where the operator has none.</param>
/// <param name="Without"><paramref name="Grouping"/> names the labels to drop rather than those to keep.</param>
public sealed record AggregateExpr(
    AggregateOperator Operator, Expr Operand, Expr? Parameter, IReadOnlyList<string> Grouping, bool Without) : Expr
{
    public override ExprType Type => ExprType.Vector;

    public override IEnumerable<Expr> Children => Parameter is null ? [Operand] : [Parameter, Operand];
}
