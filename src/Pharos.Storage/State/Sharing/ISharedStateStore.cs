namespace Pharos.Storage.State.Sharing;

/// <summary>A state store that several processes share, with a lease that makes one of them the leader.</summary>
/// <remarks>Thread-safe. Commits of all nodes have one order, told by their revisions. A commit under an epoch is refused as soon
/// as another node has taken the lease: whoever takes it finds everything that his predecessor has written and ever will.</remarks>
public interface ISharedStateStore : IStateStore
{
    /// <summary>What this process is called among the others; new with every start.</summary>
    string Node { get; }

    /// <summary>Where the state is, for messages; without secrets.</summary>
    string Place { get; }

    /// <summary>After another node's commit, on any thread, as soon as it is known. May stay out: asking now and then is needed.</summary>
    event Action? Changed;

    /// <summary>The revision of the newest commit.</summary>
    long Revision();

    /// <summary>What the other nodes have committed later, in the order of revisions.</summary>
    /// <param name="limit">How many changes about; those of one commit are never torn apart.</param>
    IReadOnlyList<SharedChange> ChangesAfter(long revision, IReadOnlyList<string> collections, int limit);

    /// <summary>Makes changes as <see cref="IStateStore.Commit"/> does, where this node still leads.</summary>
    /// <returns>False, and nothing is changed, where another node has taken the lease since the epoch.</returns>
    bool Commit(IReadOnlyList<StateChange> changes, long epoch);

    /// <summary>Tells the others that this node is there, asks for the lease, and answers how things stand afterwards.</summary>
    LeaseReport Meet(LeaseRequest request);
}
