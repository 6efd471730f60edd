namespace Pharos.Storage.Appending;

/// <summary>A batch that waits for a thread which stores it together with others.</summary>
internal sealed class WaitingBatch<T>(T batch)
{
    public T Batch => batch;

    /// <summary>Stored, or failed.</summary>
    public bool IsDone { get; set; }

    public Exception? Failure { get; set; }

    /// <exception cref="IOException">The batch is not stored.</exception>
    public void ThrowIfFailed()
    {
        if (Failure is not null)
        {
            throw new IOException(Failure.Message, Failure);
        }
    }
}
