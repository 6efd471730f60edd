namespace Pharos.Storage.State;

/// <summary>What every state store refuses, so that all of them refuse the same.</summary>
internal static class StateLimits
{
    public static void Check(string collection, IReadOnlyList<StateEntry> entries)
    {
        foreach (var entry in entries)
        {
            Check(collection, entry.Key, entry.Value);
        }
    }

    public static void Check(IReadOnlyList<StateChange> changes)
    {
        foreach (var change in changes)
        {
            Check(change.Collection, change.Key, change.Value ?? []);
        }
    }

    private static void Check(string collection, string key, byte[] value)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentNullException.ThrowIfNull(key);
        if (value.Length > IStateStore.MaxValueBytes)
        {
            throw new ArgumentException(
                $"entry {key} of {collection} has {value.Length} bytes, at most {IStateStore.MaxValueBytes} are kept", nameof(value));
        }
    }
}
