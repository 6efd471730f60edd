using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.Results;

/// <summary>One series of a matrix, as columns, oldest first: numbers in two of equal length, histograms in one.</summary>
public sealed record MatrixSeries(LabelSet Labels, IReadOnlyList<long> TimestampsMs, IReadOnlyList<double> Values)
{
    /// <summary>The points that are native histograms; numbers and histograms never share a timestamp.</summary>
    public IReadOnlyList<(long TimestampMs, NativeHistogram Histogram)> Histograms { get; init; } = [];
}
