using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>A consistent view of the store over the time range it was opened with.</summary>
/// <remarks>Thread-safe for reads. Holds blocks open until disposed.</remarks>
public interface IMetricQuerier : IDisposable
{
    /// <summary>What went wrong with a part of the answers that can be done without: another store that did not answer.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Every series with at least one chunk in the range that all matchers match, sorted by label set.</summary>
    IReadOnlyList<IStoredSeries> Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);

    /// <summary>As <see cref="Select"/>, where fewer samples of each series, or a sum or count in their place, do as well for the
    /// reader; null where there is nothing of the kind.</summary>
    IReadOnlyList<IStoredSeries>? SelectDownsampled(
        IReadOnlyList<LabelMatcher> matchers, ReadHints hints, CancellationToken cancellation) => null;

    /// <summary>All label names of the matching series, sorted. No matcher means every series.</summary>
    IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);

    /// <summary>All values of a label among the matching series, sorted. No matcher means every series.</summary>
    IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation);
}
