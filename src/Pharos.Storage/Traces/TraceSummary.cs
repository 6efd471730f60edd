namespace Pharos.Storage.Traces;

/// <summary>What a list of traces shows of one, without its spans being read.</summary>
/// <param name="RootService">Of the span without parent that begins first; empty while none is stored.</param>
/// <param name="RootName">As <paramref name="RootService"/>.</param>
/// <param name="StartNs">The earliest start of a span.</param>
/// <param name="EndNs">The latest end of a span.</param>
/// <param name="OrphanSpans">Spans whose parent is not stored.</param>
/// <param name="Services">By name.</param>
public sealed record TraceSummary(
    TraceId Id, string RootService, string RootName, long StartNs, long EndNs, int Spans, int ErrorSpans, int OrphanSpans,
    IReadOnlyList<TraceService> Services);
