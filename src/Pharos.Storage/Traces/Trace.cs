namespace Pharos.Storage.Traces;

/// <summary>The spans of a trace that are stored, by start time.</summary>
/// <param name="LeftOut">Spans beyond the limit of whoever asked; 0 where all are here.</param>
public sealed record Trace(TraceId Id, IReadOnlyList<Span> Spans, int LeftOut);
