namespace Pharos.Storage.Logs.Head;

/// <summary>A batch that waits for a thread which stores it together with others.</summary>
internal sealed class PendingAppend(LogBatch batch)
{
    public LogBatch Batch => batch;

    /// <summary>Stored, or failed.</summary>
    public bool IsDone { get; set; }

    public Exception? Failure { get; set; }
}
