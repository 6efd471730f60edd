using Microsoft.Extensions.Logging;
using Pharos.Storage.State;

namespace Pharos.Alerting.Durability;

/// <summary>Writes the pipeline's state in batches: whoever finds nobody at it commits, together with his own changes, all that
/// others have left; who comes meanwhile belongs to the next batch.</summary>
/// <remarks>Thread-safe. A thousand groups that are flushed at once so cost some dozens of syncs and no more, and one alone waits
/// for nobody. A disk that refuses costs only what a restart would have kept: it is logged and the work goes on.</remarks>
internal sealed class StateJournal(IStateStore state, ILogger logger)
{
    private readonly Lock _lock = new();
    private Batch _gathering = new();
    private bool _isCommitting;

    /// <summary>Leaves a change to the next commit, which somebody else makes; ends as that does.</summary>
    /// <returns>Whether it is durable.</returns>
    public Task<bool> AddAsync(StateChange change)
    {
        lock (_lock)
        {
            _gathering.Changes.Add(change);
            return _gathering.Ended();
        }
    }

    /// <summary>Leaves changes to the next commit.</summary>
    public void Add(StateChange change)
    {
        lock (_lock)
        {
            _gathering.Changes.Add(change);
        }
    }

    /// <summary>Ends when the changes, and all that were added before, are durable or were refused and logged.</summary>
    /// <remarks>A caller that finds nobody at it commits on his own thread.</remarks>
    /// <returns>Whether they are durable.</returns>
    public Task<bool> CommitAsync(params ReadOnlySpan<StateChange> changes)
    {
        Batch batch;
        lock (_lock)
        {
            batch = _gathering;
            batch.Changes.AddRange(changes);
            if (batch.Changes.Count == 0)
            {
                return Task.FromResult(true);
            }
            if (_isCommitting)
            {
                return batch.Ended();
            }
            _isCommitting = true;
            _gathering = new Batch();
        }
        var isDurable = Write(batch);
        if (HasMore())
        {
            // Nobody may be kept from his own work by what others bring without end.
            ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.WriteAll(), this, preferLocal: false);
        }
        return Task.FromResult(isDurable);
    }

    /// <summary>Removes what has expired.</summary>
    public void Purge(DateTimeOffset now)
    {
        try
        {
            state.Purge(now);
        }
        catch (IOException exception)
        {
            logger.LogError(exception, "Old state of the alerting pipeline could not be removed");
        }
    }

    private void WriteAll()
    {
        do
        {
            Batch batch;
            lock (_lock)
            {
                batch = _gathering;
                _gathering = new Batch();
            }
            Write(batch);
        }
        while (HasMore());
    }

    /// <summary>False where the committing ends; what is only added waits for the next one who commits.</summary>
    private bool HasMore()
    {
        lock (_lock)
        {
            _isCommitting = _gathering.Done is not null;
            return _isCommitting;
        }
    }

    private bool Write(Batch batch)
    {
        var isDurable = false;
        try
        {
            state.Commit(batch.Changes);
            isDurable = true;
        }
        catch (IOException exception)
        {
            logger.LogError("{Count} changes of the alerting pipeline's state could not be stored: {Reason}", batch.Changes.Count, exception.Message);
        }
        catch (Exception exception)
        {
            // Whatever it was: those who wait must go on.
            logger.LogError(exception, "{Count} changes of the alerting pipeline's state could not be stored", batch.Changes.Count);
        }
        batch.Done?.SetResult(isDurable);
        return isDurable;
    }

    private sealed class Batch
    {
        public List<StateChange> Changes { get; } = [];

        /// <summary>Set once somebody waits.</summary>
        public TaskCompletionSource<bool>? Done { get; private set; }

        public Task<bool> Ended() =>
            (Done ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}
