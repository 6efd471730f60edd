using Pharos.Query.TraceQL.Evaluation;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>Counts the values of every attribute among chosen spans and among the others.</summary>
internal sealed class CompareTable(MetricsExpr.Measure measure, MetricsGrid grid, CellBudget budget)
{
    /// <summary>Values of one attribute that are counted on one side; an attribute with more, an id for one, has no frequent ones.</summary>
    private const int MaxValues = 2_000;

    private static readonly TraceIntrinsic[] Intrinsics =
    [
        TraceIntrinsic.Name, TraceIntrinsic.Kind, TraceIntrinsic.Status, TraceIntrinsic.StatusMessage, TraceIntrinsic.RootName, TraceIntrinsic.RootService,
    ];

    private readonly Func<TraceSpans, int, bool> _isSelected = FieldCompiler.Test(measure.Selection!.Condition);
    private readonly Dictionary<string, Counts> _baseline = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Counts> _selection = new(StringComparer.Ordinal);

    public void Add(TraceSpans trace, int at, int point)
    {
        var span = trace.Spans[at];
        var (start, end) = measure.Window;
        var inWindow = measure.Window == default || (span.StartNs >= start && span.StartNs < end);
        var side = inWindow && _isSelected(trace, at) ? _selection : _baseline;
        foreach (var intrinsic in Intrinsics)
        {
            if (FieldReading.Intrinsic(trace, at, intrinsic) is var value && (value.Type != TraceValueKind.Text || value.Text.Length > 0))
            {
                Count(side, intrinsic.Name(), value, point);
            }
        }
        foreach (var attribute in span.Attributes)
        {
            Count(side, "span." + AttributeKey.Write(attribute.Key), TraceValue.Of(attribute.Value), point);
        }
        foreach (var attribute in span.Resource.Attributes)
        {
            Count(side, "resource." + AttributeKey.Write(attribute.Key), TraceValue.Of(attribute.Value), point);
        }
    }

    public List<TraceSeries> Series()
    {
        var series = new List<TraceSeries>();
        Add(series, _baseline, "baseline");
        Add(series, _selection, "selection");
        foreach (var name in _baseline.Concat(_selection).Where(pair => pair.Value.Total > measure.Top || pair.Value.IsCut)
            .Select(static pair => pair.Key).Distinct(StringComparer.Ordinal))
        {
            series.Add(new TraceSeries(
                [KeyValuePair.Create("__meta_error", TraceValue.OfText("__too_many_values__")), KeyValuePair.Create(name, TraceValue.Nil)],
                new double[grid.Count], []));
        }
        return series;
    }

    private void Count(Dictionary<string, Counts> side, string name, TraceValue value, int point)
    {
        if (!side.TryGetValue(name, out var counts))
        {
            budget.Take(grid.Count);
            side[name] = counts = new Counts(grid.Count);
        }
        counts.All[point]++;
        if (!counts.ByValue.TryGetValue(value, out var points))
        {
            if (counts.ByValue.Count >= MaxValues)
            {
                counts.IsCut = true;
                return;
            }
            budget.Take(grid.Count);
            counts.ByValue[value] = points = new double[grid.Count];
        }
        points[point]++;
    }

    private void Add(List<TraceSeries> series, Dictionary<string, Counts> side, string type)
    {
        foreach (var (name, counts) in side)
        {
            foreach (var (value, points) in counts.ByValue.OrderByDescending(static pair => pair.Value.Sum())
                .ThenBy(static pair => pair.Key.ToString(), StringComparer.Ordinal).Take(measure.Top))
            {
                series.Add(new TraceSeries([KeyValuePair.Create("__meta_type", TraceValue.OfText(type)), KeyValuePair.Create(name, value)], points, []));
            }
            series.Add(new TraceSeries(
                [KeyValuePair.Create("__meta_type", TraceValue.OfText(type + "_total")), KeyValuePair.Create(name, TraceValue.Nil)], counts.All, []));
        }
    }

    private sealed class Counts(int points)
    {
        public double[] All { get; } = new double[points];

        public Dictionary<TraceValue, double[]> ByValue { get; } = [];

        public int Total => ByValue.Count;

        /// <summary>Whether there are more values than are counted.</summary>
        public bool IsCut { get; set; }
    }
}
