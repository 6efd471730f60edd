namespace Pharos.Query.PromQL.Syntax;

/// <param name="StepMs">0 for the engine's default resolution.</param>
public sealed record SubqueryExpr(Expr Inner, long RangeMs, long StepMs) : Expr
{
    public override ExprType Type => ExprType.Matrix;

    public override IEnumerable<Expr> Children => [Inner];

    /// <summary>A range that is computed when the query starts; null for a plain duration.</summary>
    public Expr? RangeExpr { get; init; }

    /// <summary>A step that is computed when the query starts; null for a plain duration.</summary>
    public Expr? StepExpr { get; init; }

    public long OffsetMs { get; init; }

    public Expr? OffsetExpr { get; init; }

    public AtModifier? At { get; init; }
}
