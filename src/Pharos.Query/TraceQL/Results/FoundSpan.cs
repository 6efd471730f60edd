using Pharos.Query.TraceQL.Values;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Results;

/// <summary>A span of an answer.</summary>
/// <param name="Attributes">What the query names of it, in the query's order.</param>
public sealed record FoundSpan(Span Span, bool ShowsName, IReadOnlyList<KeyValuePair<string, TraceValue>> Attributes);
