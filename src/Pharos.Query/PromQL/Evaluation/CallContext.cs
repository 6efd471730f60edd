using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One call of a function: its arguments, evaluated where the function asks for them.</summary>
internal sealed class CallContext(Evaluator evaluator, CallExpr call)
{
    public Evaluator Evaluator { get; } = evaluator;

    public CallExpr Call { get; } = call;

    public int Count => Call.Arguments.Count;

    public int Steps => Evaluator.Steps;

    public Annotations Annotations => Evaluator.Context.Annotations;

    public Expr Argument(int index) => Call.Arguments[index];

    public List<SeriesColumn> Vector(int index) => Evaluator.Vector(Argument(index));

    public double[] Scalar(int index) => Evaluator.Scalar(Argument(index));

    public string Text(int index) => Evaluator.Text(Argument(index));

    /// <summary>Runs a function over each series' windows.</summary>
    /// <param name="argument">The range vector's place among the arguments.</param>
    public List<SeriesColumn> OverRange(int argument, RangeFunction function, bool keepName)
    {
        var expr = Argument(argument);
        while (expr is ParenExpr paren)
        {
            expr = paren.Inner;
        }
        var parameters = Enumerable.Range(0, Count).Where(i => i != argument).Select(Scalar).ToArray();
        var source = new RangeSource(Evaluator, expr);
        ExtendedRanges.Check(source.Extension, Call.Function.Name);
        var output = new List<SeriesColumn>(source.Count);
        var buffer = new SampleBuffer();
        for (var i = 0; i < source.Count; i++)
        {
            Evaluator.Context.Cancellation.ThrowIfCancellationRequested();
            source.Read(i, Evaluator.Grid, buffer);
            var held = Evaluator.Context.Budget.Held;
            Evaluator.Context.Budget.Hold(buffer.Count);
            var (labels, dropName) = keepName ? (source.Labels(i), source.DropName(i))
                : Evaluator.WithoutName(source.Labels(i));
            var column = new SeriesColumn(labels, Steps) { DropName = dropName };
            Fill(column, source, buffer, function, parameters);
            Evaluator.Context.Budget.ReleaseTo(held);
            if (!column.IsEmpty)
            {
                output.Add(column);
                Evaluator.Context.Budget.Hold(Steps);
            }
        }
        return Columns.Merge(output);
    }

    private void Fill(SeriesColumn column, RangeSource source, SampleBuffer buffer, RangeFunction function,
        double[][] parameters)
    {
        var cursor = new WindowCursor(buffer, source.Extension, Evaluator.Context.LookbackMs);
        Span<double> atStep = stackalloc double[parameters.Length];
        for (var step = 0; step < Steps; step++)
        {
            var time = Evaluator.Grid.At(step);
            if (!cursor.TryMove(source.WindowStart(time), source.WindowEnd(time), time, out var window))
            {
                continue;
            }
            for (var p = 0; p < parameters.Length; p++)
            {
                atStep[p] = parameters[p][step];
            }
            if (function(window, atStep, out var value))
            {
                column.Set(step, value);
            }
        }
    }
}
