using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>One group of an aggregation that takes in series after series, all steps at once, and keeps none of them but those
/// with native histograms.</summary>
/// <remarks>At each step numbers are added in the order of the series, so that the result is that of reducing them together.</remarks>
internal sealed class GroupAccumulator
{
    private readonly AggregateOperator _operator;
    private readonly LabelSet _labels;

    /// <summary>The sums, extremes or counts of numbers.</summary>
    private readonly double[] _values;
    private readonly bool[] _present;
    private readonly double[] _corrections = [];
    private readonly double[] _counts = [];
    private readonly RunningVariance[] _variances = [];
    private readonly List<SeriesColumn> _histograms = [];

    /// <summary>Takes the place of sums and counts once a sum would overflow.</summary>
    private CompensatedMean[]? _means;
    private bool _dropName;

    public GroupAccumulator(AggregateOperator op, LabelSet labels, int steps)
    {
        _operator = op;
        _labels = labels;
        _values = new double[steps];
        _present = new bool[steps];
        switch (op)
        {
            case AggregateOperator.Sum: _corrections = new double[steps]; break;
            case AggregateOperator.Avg: (_corrections, _counts) = (new double[steps], new double[steps]); break;
            case AggregateOperator.Min or AggregateOperator.Max: Array.Fill(_values, double.NaN); break;
            case AggregateOperator.Stddev or AggregateOperator.Stdvar: _variances = new RunningVariance[steps]; break;
            default: break;
        }
    }

    /// <summary>Whether an operator's groups can be made like this.</summary>
    public static bool Knows(AggregateOperator op) => op is AggregateOperator.Sum or AggregateOperator.Avg or AggregateOperator.Count
        or AggregateOperator.Group or AggregateOperator.Min or AggregateOperator.Max or AggregateOperator.Stddev
        or AggregateOperator.Stdvar;

    /// <summary>Takes in a series.</summary>
    /// <returns>Whether the column is kept.</returns>
    public bool Add(SeriesColumn column)
    {
        _dropName |= column.DropName;
        ReadOnlySpan<bool> numbers = Columns.Numbers(column);
        for (var from = numbers.IndexOf(true); from >= 0 && from < numbers.Length;)
        {
            var length = numbers[from..].IndexOf(false);
            length = length < 0 ? numbers.Length - from : length;
            AddNumbers(from, column.Values.AsSpan(from, length));
            _present.AsSpan(from, length).Fill(true);
            var next = numbers[(from + length)..].IndexOf(true);
            from = next < 0 ? -1 : from + length + next;
        }
        if (column.Histograms is not null)
        {
            _histograms.Add(column);
        }
        return column.Histograms is not null;
    }

    /// <summary>The group's result. To be called once.</summary>
    public SeriesColumn Finish(Evaluator evaluator, AggregateExpr expr)
    {
        for (var step = 0; step < _values.Length; step++)
        {
            _values[step] = _operator switch
            {
                AggregateOperator.Sum => new Compensated { Sum = _values[step], Correction = _corrections[step] }.Value,
                AggregateOperator.Avg when _means is not null => _means[step].Value,
                AggregateOperator.Avg => (_values[step] / _counts[step]) + (_corrections[step] / _counts[step]),
                AggregateOperator.Stdvar => _variances[step].Value,
                AggregateOperator.Stddev => Math.Sqrt(_variances[step].Value),
                AggregateOperator.Group => 1,
                _ => _values[step],
            };
        }
        var column = new SeriesColumn(_labels, 0) { Values = _values, Present = _present, DropName = _dropName };
        if (_histograms.Count > 0)
        {
            AddHistograms(column, evaluator, expr);
        }
        return column;
    }

    private void AddNumbers(int from, ReadOnlySpan<double> numbers)
    {
        var values = _values.AsSpan(from, numbers.Length);
        switch (_operator)
        {
            case AggregateOperator.Sum:
                CompensatedRows.Add(values, _corrections.AsSpan(from, numbers.Length), numbers);
                break;
            case AggregateOperator.Avg:
                AddToMeans(from, numbers);
                break;
            case AggregateOperator.Min or AggregateOperator.Max:
                ExtremeRows.Add(values, numbers, largest: _operator == AggregateOperator.Max);
                break;
            case AggregateOperator.Stddev or AggregateOperator.Stdvar:
                for (var i = 0; i < numbers.Length; i++)
                {
                    _variances[from + i].Add(numbers[i]);
                }
                break;
            case AggregateOperator.Count:
                foreach (ref var count in values)
                {
                    count++;
                }
                break;
            default:
                break;
        }
    }

    private void AddToMeans(int from, ReadOnlySpan<double> numbers)
    {
        var done = 0;
        if (_means is null)
        {
            done = CompensatedRows.AddWhileFinite(_values.AsSpan(from), _corrections.AsSpan(from), numbers);
            foreach (ref var count in _counts.AsSpan(from, done))
            {
                count++;
            }
            if (done == numbers.Length)
            {
                return;
            }
            _means = new CompensatedMean[_values.Length];
            for (var step = 0; step < _means.Length; step++)
            {
                _means[step] = new CompensatedMean(_values[step], _corrections[step], (long)_counts[step]);
            }
        }
        for (; done < numbers.Length; done++)
        {
            _means[from + done].Add(numbers[done]);
        }
    }

    private void AddHistograms(SeriesColumn column, Evaluator evaluator, AggregateExpr expr)
    {
        var annotations = evaluator.Context.Annotations;
        var members = new List<(NativeHistogram, LabelSet)>();
        for (var step = 0; step < column.Steps; step++)
        {
            evaluator.Context.Cancellation.ThrowIfCancellationRequested();
            members.Clear();
            foreach (var series in _histograms)
            {
                if (series.Histograms![step] is { } histogram)
                {
                    members.Add((histogram, series.Labels));
                }
            }
            if (members.Count == 0)
            {
                continue;
            }
            switch (_operator)
            {
                case AggregateOperator.Count:
                    column.Set(step, column.Values[step] + members.Count);
                    break;
                case AggregateOperator.Group:
                    column.Set(step, 1);
                    break;
                case AggregateOperator.Sum or AggregateOperator.Avg when column.Present[step]:
                    annotations.Warn($"{AnnotationText.MixedTypes} aggregation", expr.Operand.Position);
                    column.Present[step] = false;
                    break;
                case AggregateOperator.Sum or AggregateOperator.Avg:
                    if (HistogramAggregation.Reduce(
                        annotations, expr.Operand.Position, members, _operator == AggregateOperator.Avg) is { } reduced)
                    {
                        column.Set(step, reduced);
                    }
                    break;
                default:
                    annotations.Inform(AnnotationText.Ignored(_operator.Symbol()), expr.Operand.Position);
                    break;
            }
        }
    }
}
