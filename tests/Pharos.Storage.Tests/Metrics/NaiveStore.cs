using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>The metric store's plain twin: a dictionary of sorted samples.</summary>
internal sealed class NaiveStore
{
    private readonly SortedDictionary<LabelSet, SortedDictionary<long, double>> _series = [];

    public AppendResult Append(LabelSet labels, long timestampMs, double value)
    {
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
            return BitConverter.DoubleToInt64Bits(samples[timestampMs]) == BitConverter.DoubleToInt64Bits(value)
                ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
        }
        samples.Add(timestampMs, value);
        return AppendResult.Ok;
    }

    public string[] Dump(long minTimeMs = long.MinValue, long maxTimeMs = long.MaxValue, Func<LabelSet, bool>? wanted = null) =>
    [
        .. _series.Where(series => wanted is null || wanted(series.Key))
            .Select(series => (Labels: series.Key, Samples: series.Value
                .Where(sample => sample.Key >= minTimeMs && sample.Key <= maxTimeMs)
                .Select(sample => (sample.Key, sample.Value)).ToArray()))
            .Where(series => series.Samples.Length > 0)
            .Select(series => Some.Line(series.Labels, series.Samples)),
    ];

    public NaiveStore Copy()
    {
        var copy = new NaiveStore();
        foreach (var (labels, samples) in _series)
        {
            copy._series.Add(labels, new SortedDictionary<long, double>(samples));
        }
        return copy;
    }
}
