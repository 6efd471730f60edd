using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Caching;

/// <summary>What makes two range queries parts of one.</summary>
/// <param name="PhaseMs">Where their steps lie: a start modulo the step.</param>
internal readonly record struct CacheKey(string Query, long StepMs, long PhaseMs, long LookbackMs, TimeSpan SubqueryStep);

/// <summary>An answer that is kept. Immutable.</summary>
/// <param name="StartMs">Its first step.</param>
/// <param name="EndMs">Its last step.</param>
/// <param name="Version">The store's, from before the answer was computed.</param>
internal sealed record CachedRange(
    MatrixValue Value, long StartMs, long EndMs, long Version, IReadOnlyList<string> Warnings, IReadOnlyList<string> Infos)
{
    private const int BytesPerSeries = 400;
    private const int BytesPerPoint = 16;

    /// <summary>About what it takes in memory.</summary>
    public long SizeBytes { get; } = Value.Series.Sum(static series => BytesPerSeries
        + ((long)series.Values.Count * BytesPerPoint)
        + series.Histograms.Sum(static point => BytesPerSeries
            + ((point.Histogram.PositiveBuckets.Length + point.Histogram.NegativeBuckets.Length) * (long)sizeof(double))));

    public bool IsClean => Warnings.Count == 0 && Infos.Count == 0;

    /// <summary>Whether others say all that this one says.</summary>
    public bool IsSaidBy(QueryResult other) => !Warnings.Except(other.Warnings).Any() && !Infos.Except(other.Infos).Any();
}
