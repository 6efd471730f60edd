namespace Pharos.Storage.State;

/// <summary>State that lives as long as the process; for tests and for rule unit tests.</summary>
public sealed class InMemoryStateStore : IStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<string, StateEntry>> _collections = new(StringComparer.Ordinal);

    public void Put(string collection, string key, byte[] value, DateTimeOffset? expiresAt = null) =>
        PutAll(collection, [new StateEntry(key, value, expiresAt)]);

    public void PutAll(string collection, IReadOnlyList<StateEntry> entries)
    {
        StateLimits.Check(collection, entries);
        lock (_lock)
        {
            if (!_collections.TryGetValue(collection, out var found))
            {
                found = new SortedDictionary<string, StateEntry>(StringComparer.Ordinal);
                _collections.Add(collection, found);
            }
            foreach (var entry in entries)
            {
                found[entry.Key] = Copy(entry);
            }
        }
    }

    public void Commit(IReadOnlyList<StateChange> changes)
    {
        StateLimits.Check(changes);
        lock (_lock)
        {
            foreach (var change in changes)
            {
                if (change.Value is { } value)
                {
                    PutAll(change.Collection, [new StateEntry(change.Key, value, change.ExpiresAt)]);
                }
                else
                {
                    Delete(change.Collection, change.Key);
                }
            }
        }
    }

    public bool Delete(string collection, string key)
    {
        lock (_lock)
        {
            return _collections.TryGetValue(collection, out var found) && found.Remove(key);
        }
    }

    public StateEntry? Find(string collection, string key)
    {
        lock (_lock)
        {
            return _collections.TryGetValue(collection, out var found) && found.TryGetValue(key, out var entry)
                ? Copy(entry) : null;
        }
    }

    public IReadOnlyList<StateEntry> All(string collection)
    {
        lock (_lock)
        {
            return _collections.TryGetValue(collection, out var found) ? [.. found.Values.Select(Copy)] : [];
        }
    }

    public int Purge(DateTimeOffset now)
    {
        lock (_lock)
        {
            var removed = 0;
            foreach (var entries in _collections.Values)
            {
                foreach (var entry in entries.Values.Where(entry => entry.ExpiresAt <= now).ToArray())
                {
                    entries.Remove(entry.Key);
                    removed++;
                }
            }
            return removed;
        }
    }

    public void Dispose()
    {
        // Nothing is held: a store can be disposed and asked again, as a restart over the same memory.
    }

    private static StateEntry Copy(StateEntry entry) => entry with { Value = [.. entry.Value] };
}
