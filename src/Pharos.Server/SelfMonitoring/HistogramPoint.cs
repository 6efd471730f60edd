namespace Pharos.Server.SelfMonitoring;

/// <summary>Upper bounds (inclusive, without the last, infinite one) and how many observations are at or below each.</summary>
internal sealed record HistogramPoint(IReadOnlyList<double> Bounds, IReadOnlyList<long> CumulativeCounts, long Count);
