using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Functions;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Runs a function over the windows of all series of a range vector.</summary>
internal sealed class RangeEvaluation
{
    private readonly CallContext _call;
    private readonly Evaluator _evaluator;
    private readonly RangeSource _source;
    private readonly RangeFunction _function;
    private readonly double[][] _parameters;
    private readonly bool _keepName;
    private readonly SeriesColumn[] _columns;
    private readonly long[] _largestWindow;
    private long _made;

    /// <param name="argument">The range vector's place among the arguments.</param>
    public RangeEvaluation(CallContext call, int argument, RangeFunction function, bool keepName)
    {
        _call = call;
        _evaluator = call.Evaluator;
        _function = function;
        _keepName = keepName;
        _parameters = [.. Enumerable.Range(0, call.Count).Where(i => i != argument).Select(call.Scalar)];
        _source = new RangeSource(_evaluator, call.Argument(argument));
        ExtendedRanges.Check(_source.Extension, call.Call.Function.Name);
        _evaluator.Context.Budget.EnsureColumns(_source.Count, call.Steps);
        _columns = new SeriesColumn[_source.Count];
        _largestWindow = new long[_source.Count];
    }

    public List<SeriesColumn> Run()
    {
        SeriesShards.Run(_evaluator, _source.Count, Evaluate);
        // Counted in the order of the series, so that neither peak nor limit depends on the number of cores.
        var budget = _evaluator.Context.Budget;
        var output = new List<SeriesColumn>(_columns.Length);
        for (var i = 0; i < _columns.Length; i++)
        {
            // What comes out of a series is there before its last window is let go.
            var weight = SampleWeight.Of(_columns[i]);
            budget.Touch(_largestWindow[i] + weight);
            if (!_columns[i].IsEmpty)
            {
                budget.Hold(weight);
                output.Add(_columns[i]);
            }
        }
        return Columns.Merge(output);
    }

    private void Evaluate(int series, ShardState shard)
    {
        _source.Read(series, _evaluator.Grid, shard.Buffer);
        var (labels, dropName) = _keepName ? (_source.Labels(series), _source.DropName(series))
            : _evaluator.WithoutName(_source.Labels(series));
        var column = new SeriesColumn(labels, _call.Steps) { DropName = dropName };
        Fill(column, series, shard);
        _columns[series] = column;
        _evaluator.Context.Budget.Ensure(Interlocked.Add(ref _made, SampleWeight.Of(column)));
    }

    private void Fill(SeriesColumn column, int series, ShardState shard)
    {
        var context = _evaluator.Context;
        var notes = new SeriesNotes(shard.Annotations, _source.Labels(series), _call.Argument(0).Position);
        var cursor = new WindowCursor(
            shard.Buffer, _source.Extension, context.LookbackMs, context.Options.UseStartTimestamps, notes);
        Span<double> atStep = stackalloc double[_parameters.Length];
        for (var step = 0; step < column.Steps; step++)
        {
            var time = _evaluator.Grid.At(step);
            if (!cursor.TryMove(_source.WindowStart(time), _source.WindowEnd(time), time, out var window))
            {
                continue;
            }
            var weight = Weigh(window);
            shard.Samples.Add(step, weight);
            _largestWindow[series] = Math.Max(_largestWindow[series], weight);
            for (var p = 0; p < _parameters.Length; p++)
            {
                atStep[p] = _parameters[p][step];
            }
            if (_function(window, atStep, out var value))
            {
                column.Set(step, value);
            }
        }
    }

    private static long Weigh(in RangeWindow window)
    {
        var weight = (long)window.Count;
        foreach (var histogram in window.Histograms.Histograms)
        {
            weight += SampleWeight.Of(histogram!);
        }
        return weight;
    }
}
