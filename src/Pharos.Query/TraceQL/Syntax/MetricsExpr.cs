using System.Globalization;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Text;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Numbers over time.</summary>
public abstract record MetricsExpr : TraceExpr
{
    public virtual int Depth => 1;

    /// <summary>A function of the spans that a pipeline gives.</summary>
    public sealed record Measure(TracePipeline Pipeline, MetricsFunction Function) : MetricsExpr
    {
        public override int Depth { get; } = Pipeline.Depth + 1;

        /// <summary>Of functions that measure.</summary>
        public FieldExpr? Field { get; init; }

        public IReadOnlyList<FieldExpr> By { get; init; } = [];

        /// <summary>Of <c>quantile_over_time</c>.</summary>
        public IReadOnlyList<double> Quantiles { get; init; } = [];

        /// <summary>Of <c>compare</c>: which spans are the selection.</summary>
        public SpansetExpr.Filter? Selection { get; init; }

        /// <summary>Of <c>compare</c>: values of one attribute that are given.</summary>
        public int Top { get; init; } = 10;

        /// <summary>Of <c>compare</c>: the selection's spans start in here; 0 and 0 for anywhere.</summary>
        public (long StartNs, long EndNs) Window { get; init; }

        public override string ToString()
        {
            var arguments = Function switch
            {
                MetricsFunction.Compare => $"{Selection}, {Top}{(Window == default ? "" : $", {Window.StartNs}, {Window.EndNs}")}",
                MetricsFunction.QuantileOverTime => $"{FieldExpr.Bare(Field!)}, {string.Join(", ", Quantiles.Select(GoFloat.FormatF))}",
                _ => Field is null ? "" : FieldExpr.Bare(Field),
            };
            var by = By.Count == 0 ? "" : $" by ({string.Join(", ", By.Select(FieldExpr.Bare))})";
            return $"{Pipeline} | {Function.Name()}({arguments}){by}";
        }
    }

    /// <summary><c>topk</c> and <c>bottomk</c>.</summary>
    public sealed record Best(MetricsExpr Of, int Count, bool IsBottom) : MetricsExpr
    {
        public override int Depth { get; } = Of.Depth + 1;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Of} | {(IsBottom ? "bottomk" : "topk")}({Count})");
    }

    /// <summary>The points of which a comparison with a number holds.</summary>
    public sealed record Compared(MetricsExpr Of, FieldOperator Operator, TraceValue Value) : MetricsExpr
    {
        public override int Depth { get; } = Of.Depth + 1;

        public override string ToString() => $"{(Of is Binary ? $"({Of})" : Of.ToString())} {Operator.Symbol()} {Value}";
    }

    public sealed record Binary(FieldOperator Operator, MetricsExpr Left, MetricsExpr Right) : MetricsExpr
    {
        public override int Depth { get; } = Math.Max(Left.Depth, Right.Depth) + 1;

        public override string ToString() => $"({Left}) {Operator.Symbol()} ({Right})";
    }

    public sealed record Number(double Value) : MetricsExpr
    {
        public override string ToString() => GoFloat.FormatF(Value);
    }
}
