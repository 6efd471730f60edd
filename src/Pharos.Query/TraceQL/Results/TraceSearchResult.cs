namespace Pharos.Query.TraceQL.Results;

/// <summary>Traces, the newest start first.</summary>
/// <param name="InspectedTraces">How many traces were read.</param>
public sealed record TraceSearchResult(IReadOnlyList<FoundTrace> Traces, int InspectedTraces, long InspectedSpans);
