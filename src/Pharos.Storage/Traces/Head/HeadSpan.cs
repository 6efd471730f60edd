namespace Pharos.Storage.Traces.Head;

/// <summary>Where a span in memory is.</summary>
/// <param name="Record">Index of its record.</param>
/// <param name="Span">Index in the record.</param>
/// <param name="Next">Index of the next span of the trace, or a number that is not published yet; -1 at the end.</param>
internal readonly record struct HeadSpan(int Record, int Span, int Next);
