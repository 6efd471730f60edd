namespace Pharos.Storage.Metrics.Head;

/// <summary>A batch that waits to be committed together with others, so that one sync of the log serves all of them.</summary>
/// <remarks>All but the batch belongs to whoever holds the head's commit lock.</remarks>
internal sealed class PendingCommit(HeadBatch batch)
{
    public HeadBatch Batch { get; } = batch;

    /// <summary>The series that the log hears of with this batch.</summary>
    public List<HeadSeries> NewSeries { get; } = [];

    /// <summary>Whether somebody has committed it, or failed to.</summary>
    public bool IsDone { get; set; }

    /// <summary>Why the batch is not in the log.</summary>
    public IOException? Failure { get; set; }
}
