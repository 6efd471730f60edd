using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Results;

/// <summary>A trace of an answer.</summary>
/// <param name="Sets">None of a search by tags.</param>
public sealed record FoundTrace(TraceSummary Summary, IReadOnlyList<FoundSpanset> Sets);
