namespace Pharos.Storage.Logs.Head;

/// <summary>What readers made of some rows: kept, so that the next reader of the same rows need not make it again.</summary>
/// <remarks>Used under a lock on the object itself.</remarks>
internal sealed class ChunkReading(int count)
{
    /// <summary>How many rows of the chunk it is of.</summary>
    public int Count => count;

    public LogRows? Rows { get; set; }

    /// <summary>Whether <see cref="Rows"/> has the metadata.</summary>
    public bool HasMetadata { get; set; }

    /// <summary>By run; null where nobody counted yet.</summary>
    public LogMinute[]?[]? Minutes { get; set; }
}
