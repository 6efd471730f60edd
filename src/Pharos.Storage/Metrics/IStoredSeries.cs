using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>One series of a querier.</summary>
/// <remarks>Several series of one querier are read by different threads at the same time.</remarks>
public interface IStoredSeries
{
    LabelSet Labels { get; }

    /// <summary>Appends the samples in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>] to
    /// <paramref name="into"/>, oldest first, staleness markers included.</summary>
    void Read(long minTimeMs, long maxTimeMs, SampleBuffer into);

    /// <summary>The newest of all samples, a number, where it is known without reading; false where it has to be read.</summary>
    bool TryNewest(out long timestampMs, out double value)
    {
        timestampMs = 0;
        value = 0;
        return false;
    }
}
