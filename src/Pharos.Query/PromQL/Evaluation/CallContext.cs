using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One call of a function: its arguments, evaluated where the function asks for them.</summary>
internal sealed class CallContext(Evaluator evaluator, CallExpr call)
{
    private readonly double[]?[] _scalars = new double[]?[call.Arguments.Count];

    public Evaluator Evaluator { get; } = evaluator;

    public CallExpr Call { get; } = call;

    public int Count => Call.Arguments.Count;

    public int Steps => Evaluator.Steps;

    public Annotations Annotations => Evaluator.Context.Annotations;

    /// <summary>An argument without the parentheses around it: annotations point inside them.</summary>
    public Expr Argument(int index) => Call.Arguments[index].Unwrapped();

    public List<SeriesColumn> Vector(int index) => Evaluator.Vector(Argument(index));

    /// <summary>Evaluated once, however often the function asks.</summary>
    public double[] Scalar(int index) => _scalars[index] ??= Evaluator.Scalar(Argument(index));

    public string Text(int index) => Evaluator.Text(Argument(index));

    /// <summary>Runs a function over each series' windows.</summary>
    public List<SeriesColumn> OverRange(RangeCall range) => new RangeEvaluation(this, range).Run();
}
