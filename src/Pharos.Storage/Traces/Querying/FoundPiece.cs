namespace Pharos.Storage.Traces.Querying;

/// <summary>A piece of a trace that a search came upon.</summary>
/// <param name="StartNs">The earliest start of its spans.</param>
/// <param name="IsCertain">Whether one of its spans satisfies the filter if there is no other piece.</param>
internal readonly record struct FoundPiece(int Number, TraceId Id, long StartNs, bool IsCertain);
