using System.Runtime.InteropServices;
using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>Groups spans and measures each group.</summary>
internal sealed class MeasureTable(MetricsExpr.Measure measure, MetricsGrid grid, CellBudget budget, int maxExemplars)
{
    private const double NsPerSecond = 1e9;

    private readonly Dictionary<SeriesKey, MeasuredSeries> _series = [];
    private readonly Func<TraceSpans, int, TraceValue>[] _by = [.. measure.By.Select(FieldCompiler.Value)];
    private readonly Func<TraceSpans, int, TraceValue>? _field = measure.Field is null ? null : FieldCompiler.Value(measure.Field);
    private readonly HashSet<(MeasuredSeries Series, int Point)> _shown = [];
    private bool _isDuration = measure.Field?.Type == TraceValueKind.Duration;

    public bool NeedsTrace { get; } = !measure.By.All(QueryNeeds.IsOfSpan) || (measure.Field is not null && !QueryNeeds.IsOfSpan(measure.Field));

    public void Add(TraceSpans trace, int span, int point)
    {
        var value = _field is null ? TraceValue.OfInt(1) : NumberOf(_field(trace, span));
        if (!value.IsNumber)
        {
            return;
        }
        _isDuration |= value.Type == TraceValueKind.Duration;
        var whole = value.Number;
        var number = value.Type == TraceValueKind.Duration ? whole / NsPerSecond : whole;
        var key = new TraceValue[_by.Length];
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = _by[i](trace, span);
        }
        ref var series = ref CollectionsMarshal.GetValueRefOrAddDefault(_series, new SeriesKey(key), out _);
        series ??= new MeasuredSeries(measure.Function, grid.Count, budget);
        if (series.Add(point, number, whole) && _shown.Count < maxExemplars && _shown.Add((series, point)))
        {
            series.AddExemplar(trace.Spans[span], _field is null ? trace.Spans[span].DurationNs / NsPerSecond : number);
        }
    }

    public List<TraceSeries> Series()
    {
        var result = new List<TraceSeries>();
        foreach (var (key, series) in _series)
        {
            var labels = key.Values.Select((value, i) => KeyValuePair.Create(FieldExpr.Bare(measure.By[i]), value)).ToList();
            switch (measure.Function)
            {
                case MetricsFunction.QuantileOverTime:
                    result.AddRange(measure.Quantiles.Select(share => new TraceSeries(
                        [.. labels, KeyValuePair.Create("p", TraceValue.OfFloat(share))],
                        series.Quantiles(share, _isDuration ? NsPerSecond : 1), series.Exemplars)));
                    break;
                case MetricsFunction.HistogramOverTime:
                    result.AddRange(Histogram(labels, series));
                    break;
                default:
                    var named = labels.Count > 0 ? labels : [KeyValuePair.Create(TraceSeries.NameLabel, TraceValue.OfText(measure.Function.Name()))];
                    result.Add(new TraceSeries(named, series.Values(grid.StepSeconds), series.Exemplars));
                    break;
            }
        }
        return result;
    }

    /// <summary>Of several events the first number.</summary>
    private static TraceValue NumberOf(in TraceValue value) => value.Type is TraceValueKind.Several or TraceValueKind.List
        ? value.Items.FirstOrDefault(static item => item.IsNumber) : value;

    private IEnumerable<TraceSeries> Histogram(List<KeyValuePair<string, TraceValue>> labels, MeasuredSeries series)
    {
        for (var bucket = 0; bucket < PowerBuckets.Buckets; bucket++)
        {
            if (series.Counts(bucket) is { } counts)
            {
                budget.Take(counts.Length);
                var bound = PowerBuckets.Bound(bucket) / (_isDuration ? NsPerSecond : 1);
                yield return new TraceSeries(
                    [.. labels, KeyValuePair.Create("__bucket", TraceValue.OfFloat(bound))], counts,
                    [.. series.Exemplars.Where(exemplar => PowerBuckets.BucketOf(exemplar.Value * (_isDuration ? NsPerSecond : 1)) == bucket)]);
            }
        }
    }
}
