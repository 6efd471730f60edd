namespace Pharos.Query.LogQL.Syntax;

/// <summary>A query as it was read: lines of logs (<see cref="LogQueryExpr"/>) or numbers made of them (<see cref="MetricExpr"/>).</summary>
/// <remarks>Immutable. <see cref="object.ToString"/> is the canonical text, which reads as the same query.</remarks>
public abstract record LogExpr
{
    private protected LogExpr()
    {
    }

    public sealed override string ToString() => LogExprPrinter.Print(this);
}
