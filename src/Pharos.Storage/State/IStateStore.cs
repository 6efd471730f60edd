namespace Pharos.Storage.State;

/// <summary>Durable state that is not telemetry: silences, the notification log, what alerts wait for, acknowledgements.
/// Keys and values by named collection.</summary>
/// <remarks>Thread-safe. A call that returned has reached the disk (power loss included) where the store is durable at all.
/// Meant for thousands of entries of at most <see cref="MaxValueBytes"/>, not for telemetry. Every member throws
/// <see cref="IOException"/> when the disk refuses; then the store is as it was before the call.</remarks>
public interface IStateStore : IDisposable
{
    /// <summary>The largest value that <see cref="Put"/> takes, in bytes.</summary>
    const int MaxValueBytes = 16 * 1024 * 1024;

    /// <summary>Adds or replaces an entry.</summary>
    /// <exception cref="ArgumentException">The value is longer than <see cref="MaxValueBytes"/>.</exception>
    void Put(string collection, string key, byte[] value, DateTimeOffset? expiresAt = null);

    /// <summary>Adds or replaces several entries at once: after a crash either all are there or none.</summary>
    void PutAll(string collection, IReadOnlyList<StateEntry> entries);

    /// <summary>Makes changes in their order, of any collections: after a crash either all are there or none.</summary>
    /// <exception cref="ArgumentException">A value is longer than <see cref="MaxValueBytes"/>.</exception>
    void Commit(IReadOnlyList<StateChange> changes);

    /// <summary>Removes an entry; false where there was none.</summary>
    bool Delete(string collection, string key);

    /// <summary>One entry, or null. Expired entries are found until they are purged.</summary>
    StateEntry? Find(string collection, string key);

    /// <summary>Every entry of a collection, sorted by key (ordinal). Expired entries are listed until they are purged.</summary>
    IReadOnlyList<StateEntry> All(string collection);

    /// <summary>Removes every entry that expires at or before <paramref name="now"/>; answers how many.</summary>
    int Purge(DateTimeOffset now);
}
