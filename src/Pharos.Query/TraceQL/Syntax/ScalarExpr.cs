using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>One value of a set of spans.</summary>
public abstract record ScalarExpr
{
    public virtual int Depth => 1;

    public abstract TraceValueKind Type { get; }

    public sealed record Literal(TraceValue Value) : ScalarExpr
    {
        public override TraceValueKind Type => Value.Type;

        public override string ToString() => Value.ToString();
    }

    /// <param name="Field">Null of <c>count()</c>.</param>
    public sealed record Aggregate(AggregateOperation Operation, FieldExpr? Field) : ScalarExpr
    {
        public override int Depth => (Field?.Depth ?? 0) + 1;

        public override TraceValueKind Type => Field?.Type ?? TraceValueKind.Int;

        public override string ToString() => $"{Operation.ToString().ToLowerInvariant()}({(Field is null ? "" : FieldExpr.Bare(Field))})";
    }

    public sealed record Binary(FieldOperator Operator, ScalarExpr Left, ScalarExpr Right) : ScalarExpr
    {
        public override int Depth { get; } = Math.Max(Left.Depth, Right.Depth) + 1;

        public override TraceValueKind Type { get; } = Left.Type == TraceValueKind.Duration || Right.Type == TraceValueKind.Duration
            ? TraceValueKind.Duration : TraceValueKind.Float;

        public override string ToString() => $"({Side(Left)} {Operator.Symbol()} {Side(Right)})";

        private static string Side(ScalarExpr expr) => expr is Literal && expr.ToString() is ['-', ..] text ? $"({text})" : expr.ToString();
    }

    /// <summary>A pipeline in parentheses that ends in a value.</summary>
    public sealed record OfPipeline(TracePipeline Pipeline, ScalarExpr Value) : ScalarExpr
    {
        public override int Depth { get; } = Math.Max(Pipeline.Depth, Value.Depth) + 1;

        public override TraceValueKind Type => Value.Type;

        public override string ToString() => $"({Pipeline} | {Value})";
    }
}
