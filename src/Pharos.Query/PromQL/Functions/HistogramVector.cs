using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>An instant vector as histograms: native ones, and classic ones put together from their buckets.</summary>
internal sealed class HistogramVector
{
    private const string BoundLabel = "le";

    private readonly CallContext _call;
    private readonly int _argument;
    private readonly List<SeriesColumn> _natives = [];
    private readonly Dictionary<LabelSet, List<(double Bound, SeriesColumn Series)>> _classics = [];

    /// <param name="argument">The vector's place among the arguments of the call.</param>
    public HistogramVector(CallContext call, int argument)
    {
        _call = call;
        _argument = argument;
        foreach (var series in call.Vector(argument))
        {
            if (series.Histograms is not null)
            {
                _natives.Add(series);
            }
            if (Columns.Numbers(series).AsSpan().Contains(true))
            {
                AddBucket(series);
            }
        }
    }

    /// <summary>A number per histogram and step, those of native ones first.</summary>
    /// <param name="classic">Given buckets, the step and the metric's name.</param>
    public List<SeriesColumn> Reduce(Func<List<Bucket>, int, string, double> classic,
        Func<Storage.Histograms.NativeHistogram, int, string, double> native)
    {
        var output = new List<SeriesColumn>();
        var taken = new HashSet<(LabelSet, int)>();
        foreach (var series in _natives)
        {
            var column = Column(series.Labels);
            _classics.TryGetValue(series.Labels, out var rival);
            for (var step = 0; step < series.Steps; step++)
            {
                if (series.Histograms![step] is not { } histogram)
                {
                    continue;
                }
                if (rival?.Exists(member => member.Series.HasNumber(step)) == true)
                {
                    _call.Annotations.Warn("vector contains a mix of classic and native histograms" +
                        ForMetric(series.Labels), _call.Argument(_argument).Position);
                    taken.Add((series.Labels, step));
                    continue;
                }
                column.Set(step, native(histogram, step, series.Labels.MetricName));
            }
            output.Add(column);
        }
        foreach (var (labels, members) in _classics)
        {
            output.Add(Classic(labels, members, taken, classic));
        }
        return output;
    }

    private SeriesColumn Classic(LabelSet key, List<(double Bound, SeriesColumn Series)> members,
        HashSet<(LabelSet, int)> taken, Func<List<Bucket>, int, string, double> reduce)
    {
        var column = Column(key);
        for (var step = 0; step < _call.Steps; step++)
        {
            var buckets = new List<Bucket>(members.Count);
            foreach (var (bound, series) in members)
            {
                if (series.HasNumber(step))
                {
                    buckets.Add(new Bucket(bound, series.Values[step]));
                }
            }
            if (buckets.Count > 0 && !taken.Contains((key, step)))
            {
                column.Set(step, reduce(buckets, step, key.MetricName));
            }
        }
        return column;
    }

    private SeriesColumn Column(LabelSet of)
    {
        var (labels, dropName) = _call.Evaluator.WithoutName(of);
        return new SeriesColumn(labels, _call.Steps) { DropName = dropName };
    }

    private void AddBucket(SeriesColumn series)
    {
        var text = series.Labels[BoundLabel];
        if (!GoFloat.TryParse(text, out var bound))
        {
            _call.Annotations.Warn($"bucket label \"le\" is missing or has a malformed value of {GoQuote.Quote(text)}" +
                ForMetric(series.Labels), _call.Argument(_argument).Position);
            return;
        }
        var key = series.Labels.Without(BoundLabel);
        if (!_classics.TryGetValue(key, out var members))
        {
            _classics[key] = members = [];
        }
        members.Add((bound, series));
    }

    private static string ForMetric(LabelSet labels) =>
        labels.MetricName is { Length: > 0 } name ? $" for metric name {GoQuote.Quote(name)}" : "";
}
