using Microsoft.Extensions.Logging;
using Pharos.Storage.State;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Cluster;

/// <summary>The shared state as one node writes it: the leader everything, under its epoch; the others silences and alerts.</summary>
/// <remarks>Thread-safe. What could not be written while the database was away is written with the next commit that succeeds, unless
/// another node has led meanwhile.</remarks>
/// <param name="heldEpoch">The epoch of this node's lease, or null.</param>
/// <param name="failed">Told that something could not be written.</param>
/// <param name="deposed">Told that another node has the lease.</param>
internal sealed class NodeState(
    ISharedStateStore shared, Func<long?> heldEpoch, Action failed, Action deposed, ILogger logger) : IStateStore
{
    /// <summary>What waits for the database's return, by key; as many as alerts and groups are kept in memory.</summary>
    private const int MaxWaiting = 200_000;

    private readonly Lock _lock = new();
    private Dictionary<(string Collection, string Key), StateChange> _waiting = [];

    /// <summary>How many changes wait for the database's return. Waits for no commit.</summary>
    public int WaitingCount => Volatile.Read(ref _waiting).Count;

    public void PutAll(string collection, IReadOnlyList<StateEntry> entries)
    {
        if (IsOfUsers(collection))
        {
            shared.PutAll(collection, entries);
        }
        else
        {
            Commit([.. entries.Select(entry => new StateChange(collection, entry.Key, entry.Value, entry.ExpiresAt))]);
        }
    }

    public void Put(string collection, string key, byte[] value, DateTimeOffset? expiresAt = null) =>
        PutAll(collection, [new StateEntry(key, value, expiresAt)]);

    /// <returns>Whether there was one; of what only a leader writes nobody asks.</returns>
    public bool Delete(string collection, string key)
    {
        if (IsOfUsers(collection))
        {
            return shared.Delete(collection, key);
        }
        Commit([new StateChange(collection, key, null)]);
        return true;
    }

    public StateEntry? Find(string collection, string key) => shared.Find(collection, key);

    public IReadOnlyList<StateEntry> All(string collection) => shared.All(collection);

    public int Purge(DateTimeOffset now) => shared.Purge(now);

    public void Dispose()
    {
        // The shared store belongs to whoever opened it.
    }

    public void Commit(IReadOnlyList<StateChange> changes)
    {
        lock (_lock)
        {
            List<StateChange> all = [.. _waiting.Values, .. changes];
            var epoch = heldEpoch();
            var leads = true;
            try
            {
                leads = epoch is { } held && shared.Commit(all, held);
                if (!leads)
                {
                    CommitOfFollower(all);
                }
                _waiting = [];
            }
            catch (IOException)
            {
                Keep(all, isLeader: epoch is not null);
                throw;
            }
            if (epoch is not null && !leads)
            {
                deposed();
                throw new IOException($"{shared.Place}: another node leads since epoch {epoch}; what only a leader writes was dropped");
            }
        }
    }

    /// <summary>Writes what has waited for the database.</summary>
    public void CommitWaiting()
    {
        if (WaitingCount > 0)
        {
            Commit([]);
        }
    }

    /// <summary>Another node leads or has led: what this one sent before is told by that one's log.</summary>
    public void ForgetLeadership()
    {
        lock (_lock)
        {
            _waiting = _waiting.Where(static pair => IsForEveryNode(pair.Value)).ToDictionary();
        }
    }

    /// <summary>What users change on every node, and what is durable or refused: it never waits for the database's return.</summary>
    private static bool IsOfUsers(string collection) => collection is SharedCollections.Silences or SharedCollections.RecurringSilences;

    /// <summary>An alert's end is noted by the leader alone, who knows whether everybody was told of it.</summary>
    private static bool IsForEveryNode(StateChange change) =>
        IsOfUsers(change.Collection) || (change.Collection == SharedCollections.Alerts && change.Value is not null);

    private void CommitOfFollower(List<StateChange> all)
    {
        all.RemoveAll(static change => !IsForEveryNode(change));
        if (all.Count > 0)
        {
            shared.Commit(all);
        }
    }

    private void Keep(List<StateChange> all, bool isLeader)
    {
        var waiting = new Dictionary<(string Collection, string Key), StateChange>();
        foreach (var change in all.Where(change => isLeader || IsForEveryNode(change)))
        {
            waiting[(change.Collection, change.Key)] = change;
        }
        if (waiting.Count > MaxWaiting)
        {
            logger.LogError("More than {Max} changes wait for {Place} and are dropped: what they told is lost if this process ends",
                MaxWaiting, shared.Place);
            waiting = [];
        }
        _waiting = waiting;
        if (isLeader)
        {
            failed();
        }
    }
}
