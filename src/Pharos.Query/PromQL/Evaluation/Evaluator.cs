using System.Runtime.CompilerServices;
using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Evaluates a tree over a grid: each node yields all its steps at once, as columns.</summary>
internal sealed class Evaluator(QueryContext context, StepGrid grid)
{
    private readonly int _steps = grid.Count;

    public QueryContext Context { get; } = context;

    public StepGrid Grid { get; } = grid;

    public int Steps => _steps;

    public Evaluator On(StepGrid other) => new(Context, other);

    public List<SeriesColumn> Vector(Expr expr) => ((EvalValue.Vector)Evaluate(expr)).Series;

    public double[] Scalar(Expr expr) => ((EvalValue.Scalar)Evaluate(expr)).Values;

    public static string Text(Expr expr) => expr is ParenExpr paren ? Text(paren.Inner) : ((StringLiteral)expr).Value;

    public EvalValue Evaluate(Expr expr)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Context.Cancellation.ThrowIfCancellationRequested();
        if (_steps > 1 && expr is not (NumberLiteral or StringLiteral) && StepInvariance.Holds(expr))
        {
            return Broadcast(On(new StepGrid(Grid.StartMs, Grid.StartMs, 0)).Evaluate(expr));
        }
        var held = Context.Budget.Held;
        var value = Dispatch(expr);
        Context.Budget.ReleaseTo(held);
        if (value is EvalValue.Vector vector)
        {
            Context.Budget.Hold((long)vector.Series.Count * _steps);
        }
        return value;
    }

    /// <summary>The output labels of something that drops the metric's name: now, or at the query's end.</summary>
    public (LabelSet Labels, bool DropName) WithoutName(LabelSet labels) =>
        Context.DelayedNameRemoval ? (labels, true) : (Signatures.WithoutMetadata(labels), false);

    private EvalValue Dispatch(Expr expr) => expr switch
    {
        NumberLiteral number => new EvalValue.Scalar(Repeat(number.Value)),
        StringLiteral text => new EvalValue.Text(text.Value),
        ParenExpr paren => Evaluate(paren.Inner),
        UnaryExpr unary => Unary(unary),
        BinaryExpr binary => BinaryOperations.Evaluate(this, binary),
        AggregateExpr aggregate => new EvalValue.Vector(Aggregation.Evaluate(this, aggregate)),
        CallExpr call => FunctionTable.Find(call.Function.Name)!.Body(new CallContext(this, call)),
        VectorSelector selector => new EvalValue.Vector(Select(selector, asTimestamps: false)),
        _ => throw new QueryException(QueryErrorKind.Execution, $"cannot evaluate {expr} by itself"),
    };

    /// <summary>The newest sample of each series at each step, within the lookback.</summary>
    /// <param name="asTimestamps">The value is the sample's time in seconds.</param>
    public List<SeriesColumn> Select(VectorSelector selector, bool asTimestamps) =>
        new InstantSelection(this, selector, asTimestamps).Select();

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
        return new EvalValue.Vector(Map(((EvalValue.Vector)value).Series, static v => -v));
    }

    /// <summary>Applies a function to every value; the metric's name goes.</summary>
    public List<SeriesColumn> Map(List<SeriesColumn> input, Func<double, double> function) =>
        Columns.Merge(input.ConvertAll(series =>
        {
            var (labels, dropName) = WithoutName(series.Labels);
            return new SeriesColumn(labels, 0)
            {
                DropName = dropName,
                Values = Array.ConvertAll(series.Values, value => function(value)),
                Present = series.Present,
            };
        }));
}
