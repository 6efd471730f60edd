namespace Pharos.Query.TraceQL.Results;

/// <summary>Series with a point for each of some times.</summary>
/// <param name="TimesMs">Milliseconds since 1970, ascending.</param>
/// <param name="Series">By their labels.</param>
/// <param name="LeftOut">Series beyond the limit.</param>
public sealed record TraceMetricsResult(IReadOnlyList<long> TimesMs, IReadOnlyList<TraceSeries> Series, int LeftOut, long InspectedSpans);
