using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Results;

/// <summary>A set of spans of an answer.</summary>
/// <param name="Spans">The earliest, no more than asked for.</param>
/// <param name="Matched">How many there are.</param>
/// <param name="Attributes">By what they are grouped, and what was reckoned of them.</param>
public sealed record FoundSpanset(IReadOnlyList<FoundSpan> Spans, int Matched, IReadOnlyList<KeyValuePair<string, TraceValue>> Attributes);
