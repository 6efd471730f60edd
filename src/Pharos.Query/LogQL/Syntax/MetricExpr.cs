using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>A query that answers numbers.</summary>
public abstract record MetricExpr : LogExpr
{
    private protected MetricExpr()
    {
    }

    /// <summary>Nodes from here to the deepest one: what calls itself for each of them is bounded by the parser.</summary>
    internal int Depth { get; private protected init; } = 1;

    /// <param name="Parameter">Of <c>quantile_over_time</c> only.</param>
    public sealed record RangeAggregation(RangeOperation Operation, double? Parameter, LogRange Range, LogGrouping? Grouping) : MetricExpr;

    public sealed record VectorAggregation : MetricExpr
    {
        public VectorAggregation(VectorOperation operation, int? parameter, MetricExpr operand, LogGrouping? grouping)
        {
            (Operation, Parameter, Operand, Grouping, Depth) = (operation, parameter, operand, grouping, operand.Depth + 1);
        }

        public VectorOperation Operation { get; }

        /// <summary>How many, for <c>topk</c> and its kin.</summary>
        public int? Parameter { get; }

        public MetricExpr Operand { get; }

        /// <summary>Null where there is none: one group of everything.</summary>
        public LogGrouping? Grouping { get; }
    }

    public sealed record Binary : MetricExpr
    {
        public Binary(BinaryOperator op, MetricExpr left, MetricExpr right, bool returnBool, VectorMatching? matching)
        {
            (Operator, Left, Right, ReturnBool, Matching) = (op, left, right, returnBool, matching);
            Depth = Math.Max(left.Depth, right.Depth) + 1;
        }

        public BinaryOperator Operator { get; }

        public MetricExpr Left { get; }

        public MetricExpr Right { get; }

        public bool ReturnBool { get; }

        /// <summary>Null where the query has no <c>on</c> or <c>ignoring</c>.</summary>
        public VectorMatching? Matching { get; }
    }

    public sealed record Number(double Value) : MetricExpr;

    /// <summary><c>vector(1)</c>: one element without labels.</summary>
    public sealed record Vector(double Value) : MetricExpr;

    public sealed record LabelReplace : MetricExpr
    {
        public LabelReplace(MetricExpr operand, string target, string replacement, string source, string pattern)
        {
            (Operand, Target, Replacement, Source, Pattern, Depth) = (operand, target, replacement, source, pattern, operand.Depth + 1);
        }

        public MetricExpr Operand { get; }

        public string Target { get; }

        public string Replacement { get; }

        public string Source { get; }

        public string Pattern { get; }
    }
}
