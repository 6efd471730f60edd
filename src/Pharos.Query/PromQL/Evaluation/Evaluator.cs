using System.Runtime.CompilerServices;
using Pharos.Query.PromQL.Aggregations;
using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Operators;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Evaluates a tree over a grid: each node yields all its steps at once, as columns.</summary>
/// <param name="samples">Counts what is read for each step.</param>
internal sealed class Evaluator(QueryContext context, StepGrid grid, SampleCounts samples)
{
    private readonly int _steps = grid.Count;

    public QueryContext Context { get; } = context;

    public StepGrid Grid { get; } = grid;

    public int Steps => _steps;

    public SampleCounts Samples { get; } = samples;

    /// <summary>Evaluates at other times, and counts for itself what it reads.</summary>
    public Evaluator On(StepGrid other) => new(Context, other, new SampleCounts(other.Count));

    public List<SeriesColumn> Vector(Expr expr) => ((EvalValue.Vector)Evaluate(expr)).Series;

    public double[] Scalar(Expr expr) => ((EvalValue.Scalar)Evaluate(expr)).Values;

    public static string Text(Expr expr) => ((StringLiteral)expr.Unwrapped()).Value;

    public EvalValue Evaluate(Expr expr)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Context.Cancellation.ThrowIfCancellationRequested();
        if (_steps > 1 && expr is not (NumberLiteral or StringLiteral) && StepInvariance.Holds(expr))
        {
            return Invariant(expr);
        }
        var held = Context.Budget.Held;
        var value = Dispatch(expr);
        var operands = (Context.Budget.Held - held) / _steps;
        Hold(value, held, expr switch
        {
            // Of a range the operands are gone by now, window by window.
            CallExpr call when call.Arguments.Any(static argument => argument.Type == ExprType.Matrix) => null,
            CallExpr or BinaryExpr => operands,
            AggregateExpr => 0,
            _ => null,
        });
        return value;
    }

    /// <summary>Shows the columns of an instant vector one after the other. Those of a selector, and of a function over ranges, are
    /// never there all at once.</summary>
    /// <param name="take">Answers whether it keeps the column; one that it does not keep may be used again.</param>
    /// <param name="readsMetadata">Whether it looks at the labels that a function drops; where it does not, they may still be there.</param>
    public void Stream(Expr expr, Func<SeriesColumn, bool> take, bool readsMetadata)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Context.Cancellation.ThrowIfCancellationRequested();
        var held = Context.Budget.Held;
        if (_steps > 1 && StepInvariance.Holds(expr))
        {
            Vector(expr).ForEach(column => take(column));
        }
        else if (expr is VectorSelector selector)
        {
            var selection = new InstantSelection(this, selector, SelectedValue.Sample);
            selection.Stream(take);
            Hold(selection.Weight, held, atOneStep: null);
        }
        else if (expr is CallExpr call && FunctionTable.Find(call.Function.Name)!.Range is { } range)
        {
            var called = new CallContext(this, call);
            var evaluation = new RangeEvaluation(called, range(called));
            evaluation.Stream(take, readsMetadata);
            Hold(evaluation.Weight, held, atOneStep: null);
        }
        else
        {
            Vector(expr).ForEach(column => take(column));
        }
    }

    /// <summary>Counts a node's value in place of its operands.</summary>
    /// <param name="before">What was held before the node was evaluated.</param>
    /// <param name="atOneStep">Where value and operands are there at the same time, what lies side by side for one step; null
    /// where they are not.</param>
    private void Hold(EvalValue value, long before, long? atOneStep) => Hold(
        value switch
        {
            EvalValue.Vector vector => vector.Series.Sum(SampleWeight.Of),
            EvalValue.Scalar => _steps,
            _ => 0,
        },
        before, atOneStep);

    private void Hold(long weight, long before, long? atOneStep)
    {
        var budget = Context.Budget;
        if (atOneStep is not null)
        {
            budget.Touch(weight + atOneStep.Value);
        }
        budget.ReleaseTo(before);
        budget.Hold(weight);
    }

    /// <summary>Evaluates once what is the same at every step.</summary>
    private EvalValue Invariant(Expr expr)
    {
        var held = Context.Budget.Held;
        var once = On(new StepGrid(Grid.StartMs, Grid.StartMs, 0));
        var value = Broadcast(once.Evaluate(expr));
        Samples.AddToEach(once.Samples.Total);
        Hold(value, held, atOneStep: null);
        return value;
    }

    /// <summary>The output labels of something that drops the metric's name: now, or at the query's end.</summary>
    public (LabelSet Labels, bool DropName) WithoutName(LabelSet labels) =>
        Context.Options.DelayedNameRemoval ? (labels, true) : (Signatures.WithoutMetadata(labels), false);

    private EvalValue Dispatch(Expr expr) => expr switch
    {
        NumberLiteral number => new EvalValue.Scalar(Repeat(number.Value)),
        StringLiteral text => new EvalValue.Text(text.Value),
        ParenExpr paren => Evaluate(paren.Inner),
        UnaryExpr unary => Unary(unary),
        BinaryExpr binary => BinaryOperations.Evaluate(this, binary),
        AggregateExpr aggregate => new EvalValue.Vector(Aggregation.Evaluate(this, aggregate)),
        CallExpr call => FunctionTable.Find(call.Function.Name)!.Body(new CallContext(this, call)),
        VectorSelector selector => new EvalValue.Vector(Select(selector, SelectedValue.Sample)),
        _ => throw new QueryException(QueryErrorKind.Execution, $"cannot evaluate {expr} by itself"),
    };

    /// <summary>The newest sample of each series at each step, within the lookback.</summary>
    public List<SeriesColumn> Select(VectorSelector selector, SelectedValue value) =>
        new InstantSelection(this, selector, value).Select();

    private double[] Repeat(double value)
    {
        var values = new double[_steps];
        Array.Fill(values, value);
        return values;
    }

    private EvalValue Broadcast(EvalValue single)
    {
        switch (single)
        {
            case EvalValue.Scalar scalar: return new EvalValue.Scalar(Repeat(scalar.Values[0]));
            case EvalValue.Vector vector:
                return new EvalValue.Vector(vector.Series.ConvertAll(series =>
                {
                    var present = new bool[_steps];
                    Array.Fill(present, series.Present[0]);
                    return new SeriesColumn(series.Labels, 0)
                    {
                        DropName = series.DropName,
                        Values = Repeat(series.Values[0]),
                        Present = present,
                        Histograms = series.Histograms?[0] is { } histogram ? [.. Enumerable.Repeat(histogram, _steps)] : null,
                    };
                }));
            default: return single;
        }
    }

    private EvalValue Unary(UnaryExpr unary)
    {
        var value = Evaluate(unary.Operand);
        if (!unary.Negative)
        {
            return value;
        }
        if (value is EvalValue.Scalar scalar)
        {
            return new EvalValue.Scalar(Array.ConvertAll(scalar.Values, static v => -v));
        }
        return new EvalValue.Vector(Columns.Merge(((EvalValue.Vector)value).Series.ConvertAll(series =>
        {
            var (labels, dropName) = WithoutName(series.Labels);
            return new SeriesColumn(labels, 0)
            {
                DropName = dropName,
                Values = Array.ConvertAll(series.Values, static v => -v),
                Present = series.Present,
                Histograms = series.Histograms is null ? null : Array.ConvertAll(series.Histograms, Negate),
            };
        })));
    }

    private static NativeHistogram? Negate(NativeHistogram? histogram) => histogram?.Multiply(-1);

    /// <summary>Applies a function to every number; histograms go, and the metric's name.</summary>
    public List<SeriesColumn> Map(List<SeriesColumn> input, Func<double, double> function) =>
        Columns.Merge(input.ConvertAll(series =>
        {
            var (labels, dropName) = WithoutName(series.Labels);
            return new SeriesColumn(labels, 0)
            {
                DropName = dropName,
                Values = Array.ConvertAll(series.Values, value => function(value)),
                Present = Columns.Numbers(series),
            };
        }));
}
