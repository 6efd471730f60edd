using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>One stage of a pipeline.</summary>
public abstract record PipelineStage
{
    public virtual int Depth => 1;

    /// <summary>Picks spans of each set.</summary>
    public sealed record Pick(SpansetExpr Expr) : PipelineStage
    {
        public override int Depth => Expr.Depth;

        public override string ToString() => Expr.ToString();
    }

    /// <summary>Keeps the sets of which a comparison holds.</summary>
    public sealed record Compare(FieldOperator Operator, ScalarExpr Left, ScalarExpr Right) : PipelineStage
    {
        public override int Depth => Math.Max(Left.Depth, Right.Depth);

        public override string ToString() => $"{Left} {Operator.Symbol()} {Right}";
    }

    /// <summary><c>by(field)</c>: a set for each value.</summary>
    public sealed record GroupBy(FieldExpr Field) : PipelineStage
    {
        public override int Depth => Field.Depth;

        public override string ToString() => $"by({FieldExpr.Bare(Field)})";
    }

    /// <summary><c>coalesce()</c>: one set of all.</summary>
    public sealed record Coalesce : PipelineStage
    {
        public override string ToString() => "coalesce()";
    }

    /// <summary><c>select(fields)</c>: values that the answer shows, too.</summary>
    public sealed record Select(IReadOnlyList<FieldExpr> Fields) : PipelineStage
    {
        public override string ToString() => $"select({string.Join(", ", Fields.Select(FieldExpr.Bare))})";
    }
}
