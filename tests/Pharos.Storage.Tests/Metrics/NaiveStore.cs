using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>The metric store's plain twin: a dictionary of sorted samples.</summary>
internal sealed class NaiveStore
{
    private readonly SortedDictionary<LabelSet, SortedDictionary<long, SeriesSample>> _series = [];

    public AppendResult Append(LabelSet labels, long timestampMs, double value) =>
        Append(labels, new SeriesSample(timestampMs, value, null, 0));

    public AppendResult Append(LabelSet labels, SeriesSample sample)
    {
        var timestampMs = sample.TimestampMs;
        if (!_series.TryGetValue(labels, out var samples))
        {
            _series.Add(labels, samples = []);
        }
        if (samples.Count > 0 && timestampMs <= samples.Keys.Last())
        {
            if (timestampMs < samples.Keys.Last())
            {
                return AppendResult.OutOfOrder;
            }
            return Some.Text(samples[timestampMs] with { StartTimeMs = 0 }) == Some.Text(sample with { StartTimeMs = 0 })
                ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
        }
        samples.Add(timestampMs, sample);
        return AppendResult.Ok;
    }

    /// <summary>Adds a sample wherever it belongs.</summary>
    public void AppendLate(LabelSet labels, SeriesSample sample)
    {
        if (!_series.TryGetValue(labels, out var samples))
        {
            _series.Add(labels, samples = []);
        }
        samples.Add(sample.TimestampMs, sample);
    }

    public void Delete(LabelSet labels, long fromMs, long toMs)
    {
        if (_series.TryGetValue(labels, out var samples))
        {
            foreach (var time in samples.Keys.Where(time => time >= fromMs && time <= toMs).ToArray())
            {
                samples.Remove(time);
            }
        }
    }

    public string[] Dump(long minTimeMs = long.MinValue, long maxTimeMs = long.MaxValue, Func<LabelSet, bool>? wanted = null) =>
    [
        .. _series.Where(series => wanted is null || wanted(series.Key))
            .Select(series => (Labels: series.Key, Samples: series.Value
                .Where(sample => sample.Key >= minTimeMs && sample.Key <= maxTimeMs)
                .Select(sample => sample.Value).ToArray()))
            .Where(series => series.Samples.Length > 0)
            .Select(series => Some.Line(series.Labels, series.Samples)),
    ];

    public NaiveStore Copy()
    {
        var copy = new NaiveStore();
        foreach (var (labels, samples) in _series)
        {
            copy._series.Add(labels, new SortedDictionary<long, SeriesSample>(samples));
        }
        return copy;
    }
}
