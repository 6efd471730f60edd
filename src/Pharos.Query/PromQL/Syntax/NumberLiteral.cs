namespace Pharos.Query.PromQL.Syntax;

/// <param name="Value">Seconds, where <paramref name="IsDuration"/>.</param>
/// <param name="IsDuration">Written as a duration (<c>1h30m</c>).</param>
public sealed record NumberLiteral(double Value, bool IsDuration = false) : Expr
{
    public override ExprType Type => ExprType.Scalar;
}
