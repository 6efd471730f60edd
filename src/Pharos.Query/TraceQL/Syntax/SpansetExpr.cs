using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>What picks spans of a trace.</summary>
public abstract record SpansetExpr
{
    public virtual int Depth => 1;

    /// <summary><c>{ condition }</c>.</summary>
    /// <param name="Condition">Null for all spans.</param>
    public sealed record Filter(FieldExpr? Condition) : SpansetExpr
    {
        public override string ToString() => Condition is null ? "{ }" : $"{{ {FieldExpr.Bare(Condition)} }}";
    }

    public sealed record Operation(SpansetOperator Operator, StructureForm Form, SpansetExpr Left, SpansetExpr Right) : SpansetExpr
    {
        public override int Depth { get; } = Math.Max(Left.Depth, Right.Depth) + 1;

        public override string ToString() => $"({Left}) {SpansetOperators.Symbol(Operator, Form)} ({Right})";
    }

    /// <summary>A pipeline in parentheses.</summary>
    public sealed record Nested(TracePipeline Pipeline) : SpansetExpr
    {
        public override int Depth { get; } = Pipeline.Depth + 1;

        public override string ToString() => $"({Pipeline})";
    }
}
