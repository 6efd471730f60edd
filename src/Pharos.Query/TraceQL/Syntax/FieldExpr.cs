using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>An expression about one span.</summary>
public abstract record FieldExpr
{
    /// <summary>What its value is, as far as the text tells.</summary>
    public abstract TraceValueKind Type { get; }

    /// <summary>Whether its value depends on the span.</summary>
    public abstract bool ReadsSpan { get; }

    /// <summary>How many expressions lie in each other.</summary>
    public virtual int Depth => 1;

    /// <summary>A value written in the query.</summary>
    public sealed record Literal(TraceValue Value) : FieldExpr
    {
        public override TraceValueKind Type => Value.Type;

        public override bool ReadsSpan => false;

        public override string ToString() => Value.ToString();
    }

    /// <param name="OfParent">Whether it is the parent span's.</param>
    public sealed record Attribute(FieldScope Scope, bool OfParent, string Key) : FieldExpr
    {
        public override TraceValueKind Type => TraceValueKind.Any;

        public override bool ReadsSpan => true;

        public override string ToString()
        {
            var scope = Scope == FieldScope.Any ? "" : Scope.ToString().ToLowerInvariant();
            return $"{(OfParent ? Scope == FieldScope.Any ? "parent" : "parent." : "")}{scope}.{AttributeKey.Write(Key)}";
        }
    }

    public sealed record Intrinsic(TraceIntrinsic Which) : FieldExpr
    {
        public override TraceValueKind Type => Which.Type();

        public override bool ReadsSpan => true;

        public override string ToString() => Which.Name();
    }

    /// <param name="Operator"><see cref="FieldOperator.Not"/> or <see cref="FieldOperator.Subtract"/>.</param>
    public sealed record Unary(FieldOperator Operator, FieldExpr Operand) : FieldExpr
    {
        public override TraceValueKind Type => Operator == FieldOperator.Not ? TraceValueKind.Bool : Operand.Type;

        public override bool ReadsSpan => Operand.ReadsSpan;

        public override int Depth { get; } = Operand.Depth + 1;

        public override string ToString() => $"{Operator.Symbol()}{(Operand is Binary or Literal ? $"({Bare(Operand)})" : Operand.ToString())}";
    }

    public sealed record Binary(FieldOperator Operator, FieldExpr Left, FieldExpr Right) : FieldExpr
    {
        /// <summary>Found once: found anew at each level, it would take time without bound where expressions lie in each other.</summary>
        public override TraceValueKind Type { get; } = TypeOf(Operator, Left.Type, Right.Type);

        public override bool ReadsSpan => Left.ReadsSpan || Right.ReadsSpan;

        public override int Depth { get; } = Math.Max(Left.Depth, Right.Depth) + 1;

        public override string ToString() => $"({Side(Left)} {Operator.Symbol()} {Side(Right)})";

        private static TraceValueKind TypeOf(FieldOperator operation, TraceValueKind left, TraceValueKind right) =>
            !operation.IsArithmetic() ? TraceValueKind.Bool
            : operation == FieldOperator.Divide && left == TraceValueKind.Duration && right == TraceValueKind.Duration ? TraceValueKind.Float
            : left == TraceValueKind.Duration || right == TraceValueKind.Duration ? TraceValueKind.Duration
            : left == TraceValueKind.Any || right == TraceValueKind.Any ? TraceValueKind.Any : TraceValueKind.Float;

        /// <summary>A minus before a number is the number's.</summary>
        private static string Side(FieldExpr expr) => expr is Literal && expr.ToString() is ['-', ..] text ? $"({text})" : expr.ToString();
    }

    /// <summary>Without the outermost parentheses.</summary>
    public static string Bare(FieldExpr expr) => expr is Binary ? expr.ToString()[1..^1] : expr.ToString();
}
