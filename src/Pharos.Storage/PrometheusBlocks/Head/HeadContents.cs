using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>What a stopped Prometheus had in memory, put together again from its log and its mapped chunks.</summary>
/// <remarks>Not thread-safe. All of it is in memory, as it was there.</remarks>
internal sealed class HeadContents
{
    private const int FirstCapacity = 16;

    private readonly Dictionary<ulong, LabelSet> _labels = [];
    private readonly Dictionary<LabelSet, SampleBuffer> _samples = [];
    private readonly Dictionary<LabelSet, List<Exemplar>> _exemplars = [];
    private readonly Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);

    /// <summary>Older samples are in blocks already, or were deleted with them.</summary>
    /// <param name="minValidMs">Where the newest block ends.</param>
    public HeadContents(long minValidMs) => MinValidMs = minValidMs;

    public long MinValidMs { get; private set; }

    /// <summary>Samples, mapped chunks and exemplars whose series no record names.</summary>
    public long Orphans { get; private set; }

    public IReadOnlyDictionary<LabelSet, SampleBuffer> Samples => _samples;

    public IReadOnlyDictionary<LabelSet, List<Exemplar>> Exemplars => _exemplars;

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => _metadata;

    public void AddSeries(ulong reference, LabelSet labels) => _labels[reference] = labels;

    public void DropBefore(long minValidMs) => MinValidMs = Math.Max(MinValidMs, minValidMs);

    public void AddSample(ulong reference, long timestampMs, double value, NativeHistogram? histogram, long startTimeMs) =>
        SamplesOf(reference)?.Add(timestampMs, value, histogram, startTimeMs);

    /// <summary>Where the samples of a series go; null where the series is unknown.</summary>
    public SampleBuffer? SamplesOf(ulong reference)
    {
        if (!_labels.TryGetValue(reference, out var labels))
        {
            Orphans++;
            return null;
        }
        if (!_samples.TryGetValue(labels, out var samples))
        {
            _samples.Add(labels, samples = new SampleBuffer(FirstCapacity));
        }
        return samples;
    }

    /// <summary>Takes out what was added before; what comes later is newer than the deletion.</summary>
    public void Delete(ulong reference, TimeInterval interval)
    {
        if (_labels.TryGetValue(reference, out var labels) && _samples.TryGetValue(labels, out var samples))
        {
            DeletedSamples.Remove(samples, 0, [interval]);
        }
    }

    public void AddExemplar(ulong reference, Exemplar exemplar)
    {
        if (!_labels.TryGetValue(reference, out var labels))
        {
            Orphans++;
            return;
        }
        if (!_exemplars.TryGetValue(labels, out var exemplars))
        {
            _exemplars.Add(labels, exemplars = []);
        }
        exemplars.Add(exemplar);
    }

    public void SetMetadata(ulong reference, MetricMetadata metadata)
    {
        if (_labels.TryGetValue(reference, out var labels))
        {
            _metadata[labels.MetricName] = metadata;
        }
    }

    /// <summary>Sorts every series and drops what is there twice, too old, or empty.</summary>
    public void Complete(bool keepOld)
    {
        foreach (var (labels, samples) in _samples.ToList())
        {
            SampleOrder.Restore(samples, 0);
            if (!keepOld && MinValidMs > long.MinValue)
            {
                DeletedSamples.Remove(samples, 0, [new TimeInterval(long.MinValue, MinValidMs - 1)]);
            }
            if (samples.Count == 0)
            {
                _samples.Remove(labels);
            }
        }
    }
}
