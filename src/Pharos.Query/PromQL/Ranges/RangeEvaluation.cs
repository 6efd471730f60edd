using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Evaluation.Shards;
using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Runs a function over the windows of all series of a range vector.</summary>
internal sealed class RangeEvaluation
{
    private readonly CallContext _call;
    private readonly Evaluator _evaluator;
    private readonly RangeSource _source;
    private readonly RangeCall _range;
    private readonly double[][] _parameters;
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly long[] _largestWindow;
    private readonly long[] _weights;
    private bool _readsMetadata = true;
    private long _made;

    public RangeEvaluation(CallContext call, RangeCall range)
    {
        _call = call;
        _evaluator = call.Evaluator;
        _range = range;
        _parameters = [.. Enumerable.Range(0, call.Count).Where(i => i != range.Argument).Select(call.Scalar)];
        _source = new RangeSource(_evaluator, call.Argument(range.Argument), Downsampled.Of(call.Call.Function.Name));
        if (_source.HasCounts)
        {
            _range = range with { Function = OverTime.Sum, Kernel = CompensatedKernels.Sum };
        }
        ExtendedRanges.Check(_source.Extension, call.Call.Function.Name);
        _evaluator.Context.Budget.EnsureColumns(_source.Count, call.Steps);
        _starts = [.. Enumerable.Range(0, call.Steps).Select(step => _source.WindowStart(_evaluator.Grid.At(step)))];
        _ends = [.. Enumerable.Range(0, call.Steps).Select(step => _source.WindowEnd(_evaluator.Grid.At(step)))];
        _largestWindow = new long[_source.Count];
        _weights = new long[_source.Count];
    }

    /// <summary>Whether no two series can come to bear the same labels when the metric's name goes.</summary>
    private bool StaysApart => _range.KeepsName || _evaluator.Context.Options.DelayedNameRemoval || _source.IsOneMetric;

    public List<SeriesColumn> Run()
    {
        var output = new List<SeriesColumn>(_source.Count);
        StreamAll(column =>
        {
            output.Add(column);
            return true;
        });
        return StaysApart ? output : Columns.Merge(output);
    }

    /// <summary>Shows each column that has a point, in the order of the series.</summary>
    /// <param name="take">Answers whether it keeps the column; one that it does not keep is used again.</param>
    /// <param name="readsMetadata">As in <see cref="Evaluator.Stream"/>.</param>
    public void Stream(Func<SeriesColumn, bool> take, bool readsMetadata)
    {
        if (StaysApart)
        {
            _readsMetadata = readsMetadata || _evaluator.Context.Options.DelayedNameRemoval;
            StreamAll(take);
            return;
        }
        foreach (var column in Run())
        {
            take(column);
        }
    }

    /// <summary>What all columns count for.</summary>
    public long Weight => _weights.Sum();

    private void StreamAll(Func<SeriesColumn, bool> take)
    {
        SeriesShards.Run(_evaluator, _source.Count, Evaluate, (series, column) =>
        {
            if (_weights[series] == 0)
            {
                return false;
            }
            _range.Yields?.Invoke(_source.Labels(series), column);
            return take(column);
        });
        // Counted in the order of the series, so that neither peak nor limit depends on the number of cores.
        var budget = _evaluator.Context.Budget;
        for (var i = 0; i < _weights.Length; i++)
        {
            // What comes out of a series is there before its last window is let go.
            budget.Touch(_largestWindow[i] + _weights[i]);
            budget.Hold(_weights[i]);
        }
        _range.Done?.Invoke();
    }

    private SeriesColumn Evaluate(int series, ShardState shard)
    {
        _source.Read(series, _evaluator.Grid, shard.Buffer);
        // What is said of histograms names them.
        var keepsLabels = _range.KeepsName || (!_readsMetadata && shard.Buffer.Histograms.Count == 0);
        var (labels, dropName) = keepsLabels ? (_source.Labels(series), _source.DropName(series))
            : _evaluator.WithoutName(_source.Labels(series));
        var column = shard.NewColumn(labels, dropName);
        if (shard.Buffer.Count > 0 && !TryFillPlain(column, series, shard))
        {
            Fill(column, series, shard);
        }
        _weights[series] = SampleWeight.Of(column);
        _evaluator.Context.Budget.Ensure(Interlocked.Add(ref _made, _weights[series]));
        return column;
    }

    /// <summary>False where the series needs more than a kernel knows of.</summary>
    private bool TryFillPlain(SeriesColumn column, int series, ShardState shard)
    {
        var numbers = shard.Buffer.Numbers;
        if (_range.Kernel is null || !_evaluator.Context.Options.UseFastPaths || _source.Extension != RangeExtension.None || shard.Buffer.Histograms.Count > 0
            || (numbers.HasStartTimes && _evaluator.Context.Options.UseStartTimestamps))
        {
            return false;
        }
        var bounds = shard.Bounds ??= new WindowBounds(_starts, _ends, weighsWindows: true);
        bounds.MoveTo(numbers.Timestamps, shard.Samples);
        if (!bounds.IsRising)
        {
            return false;
        }
        bounds.Use();
        _largestWindow[series] = bounds.MaxCount;
        var windows = new PlainWindows
        {
            Timestamps = numbers.Timestamps,
            Values = numbers.Values,
            Bounds = bounds,
            Parameters = _parameters,
            Scratch = shard.Scratch,
        };
        _range.Kernel(windows, column.Values, column.Present);
        return true;
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
            if (!cursor.TryMove(_starts[step], _ends[step], _evaluator.Grid.At(step), out var window))
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
            if (_range.Function(window, atStep, out var value))
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
