namespace Pharos.Query.Traces.Analysis;

/// <summary>A time during which a whole trace waited for one span.</summary>
/// <param name="Row">Of the span in its <see cref="TraceTree"/>.</param>
/// <param name="StartNs">Nanoseconds since 1970.</param>
/// <param name="EndNs">Exclusive.</param>
public readonly record struct CriticalSection(int Row, long StartNs, long EndNs);
