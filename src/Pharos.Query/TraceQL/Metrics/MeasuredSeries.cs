using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>What a function has measured so far of spans of one group.</summary>
internal sealed class MeasuredSeries
{
    private readonly MetricsFunction _function;
    private readonly CellBudget _budget;
    private readonly double[] _values;
    private readonly long[] _counts;
    private readonly PowerBuckets?[] _buckets;

    public MeasuredSeries(MetricsFunction function, int points, CellBudget budget)
    {
        _function = function;
        _budget = budget;
        var hasBuckets = function is MetricsFunction.QuantileOverTime or MetricsFunction.HistogramOverTime;
        budget.Take(points);
        _values = hasBuckets ? [] : new double[points];
        _counts = hasBuckets ? [] : new long[points];
        _buckets = hasBuckets ? new PowerBuckets?[points] : [];
    }

    public List<TraceExemplar> Exemplars { get; } = [];

    /// <param name="value">Seconds of a duration; any number where spans are counted.</param>
    /// <param name="whole">Nanoseconds of a duration, else the value.</param>
    /// <returns>Whether it counts.</returns>
    public bool Add(int point, double value, double whole)
    {
        if (_buckets.Length > 0)
        {
            if (PowerBuckets.BucketOf(whole) is not (>= 0 and var bucket))
            {
                return false;
            }
            if (_buckets[point] is null)
            {
                _budget.Take(PowerBuckets.Buckets);
                _buckets[point] = new PowerBuckets();
            }
            _buckets[point]!.Add(bucket);
            return true;
        }
        var isFirst = _counts[point]++ == 0;
        _values[point] = _function switch
        {
            MetricsFunction.MinOverTime => isFirst ? value : Math.Min(_values[point], value),
            MetricsFunction.MaxOverTime => isFirst ? value : Math.Max(_values[point], value),
            _ => _values[point] + value,
        };
        return true;
    }

    public void AddExemplar(Span span, double value) => Exemplars.Add(new TraceExemplar(span.TraceId, span.StartNs / 1_000_000, value));

    /// <summary>Counts are 0 where nothing was counted; what was not measured is no number.</summary>
    public double[] Values(double stepSeconds) => [.. _values.Select((value, point) => _function switch
    {
        MetricsFunction.Rate => _counts[point] / stepSeconds,
        MetricsFunction.CountOverTime => _counts[point],
        _ when _counts[point] == 0 => double.NaN,
        MetricsFunction.AvgOverTime => value / _counts[point],
        _ => value,
    })];

    /// <param name="unit">What a value is divided by: nanoseconds become seconds.</param>
    public double[] Quantiles(double share, double unit) => [.. _buckets.Select(buckets => buckets is null ? double.NaN : buckets.Quantile(share) / unit)];

    /// <returns>Null for a bucket that nothing is in.</returns>
    public double[]? Counts(int bucket) => Array.Exists(_buckets, counts => counts is not null && counts.CountOf(bucket) > 0)
        ? [.. _buckets.Select(counts => (double)(counts?.CountOf(bucket) ?? 0))] : null;
}
