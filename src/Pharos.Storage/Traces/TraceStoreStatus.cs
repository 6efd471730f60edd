namespace Pharos.Storage.Traces;

/// <summary>Counts for self-monitoring.</summary>
/// <param name="HeadSpans">Stored and not sealed yet.</param>
public sealed record TraceStoreStatus(long HeadSpans, long HeadBytes, int Blocks, long BlockSpans, long DiskBytes)
{
    /// <summary>Blocks and pages found damaged since the start.</summary>
    public int Quarantined { get; init; }
}
