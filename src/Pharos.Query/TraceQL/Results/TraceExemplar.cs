using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Results;

/// <summary>A trace that a point of a series comes from.</summary>
/// <param name="Value">What was measured of its span; where spans are counted, how many seconds it took.</param>
public readonly record struct TraceExemplar(TraceId Trace, long TimeMs, double Value);
