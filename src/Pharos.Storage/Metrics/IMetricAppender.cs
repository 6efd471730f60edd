using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>A batch of samples that becomes visible, and durable, as a whole with <see cref="Commit"/>.</summary>
/// <remarks>Not thread-safe. Disposing without a commit drops the batch.</remarks>
public interface IMetricAppender : IDisposable
{
    /// <summary>Adds a sample to the batch.</summary>
    /// <param name="reference">What an earlier append of the same series returned, or 0. A reference that is no longer
    /// known is looked up again by <paramref name="labels"/>.</param>
    /// <param name="labels">The whole label set with <c>__name__</c>. Ignored where the reference is known.</param>
    /// <param name="startTimeMs">When the counter began; 0 where that is not known.</param>
    AppendResult Append(ref ulong reference, LabelSet labels, long timestampMs, double value, long startTimeMs = 0);

    /// <summary>Adds a number to a series by what an earlier append of it returned, for callers who would have to make its labels
    /// first.</summary>
    /// <returns><see cref="AppendResult.UnknownSeries"/> where the reference is not known, or no longer: then the labels are
    /// needed.</returns>
    AppendResult Append(ulong reference, long timestampMs, double value, long startTimeMs = 0);

    /// <summary>Does the same for many samples, in their order.</summary>
    /// <param name="results">What became of each.</param>
    void Append(
        ReadOnlySpan<ulong> references, ReadOnlySpan<long> timestampsMs, ReadOnlySpan<double> values, Span<AppendResult> results)
    {
        for (var i = 0; i < references.Length; i++)
        {
            results[i] = Append(references[i], timestampsMs[i], values[i]);
        }
    }

    /// <summary>Adds a sample that is a native histogram; otherwise as the overload for a number.</summary>
    AppendResult Append(
        ref ulong reference, LabelSet labels, long timestampMs, NativeHistogram histogram, long startTimeMs = 0);

    /// <summary>Adds an exemplar to a series that this batch, or an earlier one, has appended to.</summary>
    /// <param name="reference">What an append of the series returned; 0 where none did.</param>
    /// <param name="labels">Of the series, to find it where the reference is not known.</param>
    AppendResult AppendExemplar(ulong reference, Exemplar exemplar, LabelSet? labels = null);

    /// <summary>Makes the batch durable (as the store's fsync option says) and visible. Throws <see cref="IOException"/>
    /// when the log cannot be written: then nothing of the batch is visible.</summary>
    void Commit();
}
