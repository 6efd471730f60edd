namespace Pharos.Storage.Traces.Querying;

/// <summary>Some of a trace's spans in one source.</summary>
internal readonly record struct TracePiece(ITraceSource Source, int Number);
