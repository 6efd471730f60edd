namespace Pharos.Storage.State;

/// <summary>What every state store refuses, so that all of them refuse the same.</summary>
internal static class StateLimits
{
    public static void Check(string collection, IReadOnlyList<StateEntry> entries)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        foreach (var entry in entries)
        {
            ArgumentNullException.ThrowIfNull(entry.Key);
            if (entry.Value.Length > IStateStore.MaxValueBytes)
            {
                throw new ArgumentException(
                    $"entry {entry.Key} of {collection} has {entry.Value.Length} bytes, at most {IStateStore.MaxValueBytes} are kept",
                    nameof(entries));
            }
        }
    }
}
