using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>The span that a bucket of a histogram last counted.</summary>
/// <param name="TimeMs">When it came; 0 for none.</param>
internal readonly record struct ExemplarPoint(TraceId TraceId, ulong SpanId, double Value, long TimeMs);
