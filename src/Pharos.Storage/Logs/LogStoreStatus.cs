namespace Pharos.Storage.Logs;

/// <summary>Counts of a log store at one moment.</summary>
/// <param name="ActiveStreams">Streams with entries in memory.</param>
/// <param name="HeadEntries">Entries in memory.</param>
/// <param name="HeadBytes">That they take.</param>
/// <param name="DiskBytes">Of all files.</param>
/// <param name="QuarantinedBlocks">Found damaged since the start.</param>
public sealed record LogStoreStatus(
    int ActiveStreams, long HeadEntries, long HeadBytes, int Blocks, long BlockEntries, long DiskBytes, int QuarantinedBlocks);
