namespace Pharos.Storage.Appending;

/// <summary>Batches that are stored together: while one thread waits for the disk, others queue up, and the first of them that gets the store's
/// commit lock stores for all.</summary>
/// <remarks>Thread-safe. Its own lock is a leaf in the lock order.</remarks>
internal sealed class CommitQueue<T>
{
    private readonly Lock _lock = new();
    private List<WaitingBatch<T>> _waiting = [];

    public WaitingBatch<T> Add(T batch)
    {
        var own = new WaitingBatch<T>(batch);
        lock (_lock)
        {
            _waiting.Add(own);
        }
        return own;
    }

    /// <summary>Stores all that waits, unless another thread has stored a batch already; called under the commit lock.</summary>
    /// <param name="commit">Stores batches, all or none.</param>
    public void Store(WaitingBatch<T> own, Action<IReadOnlyList<T>> commit)
    {
        if (own.IsDone)
        {
            return;
        }
        List<WaitingBatch<T>> group;
        lock (_lock)
        {
            (group, _waiting) = (_waiting, []);
        }
        try
        {
            commit(group.ConvertAll(static waiting => waiting.Batch));
        }
        catch (Exception exception)
        {
            group.ForEach(waiting => waiting.Failure = exception);
            if (exception is not IOException)
            {
                throw;
            }
        }
        finally
        {
            group.ForEach(static waiting => waiting.IsDone = true);
        }
    }
}
