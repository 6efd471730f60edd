using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>What a store has in a range of time already, so that a second import of a folder adds nothing.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="minTimeMs">Inclusive, as <paramref name="maxTimeMs"/>.</param>
public sealed class KnownSamples(MetricStore store, long minTimeMs, long maxTimeMs, CancellationToken cancellation) : IDisposable
{
    private readonly IMetricQuerier _querier = store.Querier(minTimeMs, maxTimeMs);
    private readonly SampleBuffer _have = new();
    private readonly SampleBuffer _rest = new();
    private Dictionary<LabelSet, IStoredSeries>? _series;

    /// <summary>The samples that the store has not, or not so: the buffer itself, or one that is valid until the next call.</summary>
    /// <param name="samples">In order of time.</param>
    public SampleBuffer Remove(LabelSet labels, SampleBuffer samples)
    {
        _series ??= _querier.Select([], cancellation).ToDictionary(static series => series.Labels);
        if (!_series.TryGetValue(labels, out var known))
        {
            return samples;
        }
        _have.Clear();
        known.Read(minTimeMs, maxTimeMs, _have);
        _rest.Clear();
        var at = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            while (at < _have.Count && _have.Timestamps[at] < samples.Timestamps[i])
            {
                at++;
            }
            if (at >= _have.Count || !AreSame(_have, at, samples, i))
            {
                samples.CopyTo(_rest, i);
            }
        }
        return _rest;
    }

    private static bool AreSame(SampleBuffer left, int leftIndex, SampleBuffer right, int rightIndex)
    {
        var (one, other) = (left.SampleAt(leftIndex), right.SampleAt(rightIndex));
        return one.TimestampMs == other.TimestampMs && one.StartTimeMs == other.StartTimeMs && (one.Histogram, other.Histogram) switch
        {
            (null, null) => BitConverter.DoubleToInt64Bits(one.Value) == BitConverter.DoubleToInt64Bits(other.Value),
            ({ } mine, { } theirs) => mine.HasSameData(theirs) || mine.HasSameDistribution(theirs),
            _ => false,
        };
    }

    public void Dispose() => _querier.Dispose();
}
