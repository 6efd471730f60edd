namespace Pharos.Storage.Traces;

/// <summary>A service's share in one trace.</summary>
public readonly record struct TraceService(string Name, int Spans, int ErrorSpans);
