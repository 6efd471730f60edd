namespace Pharos.Storage.State;

/// <summary>One entry of a collection. The value belongs to whoever asked for it; the store keeps its own copy.</summary>
/// <param name="ExpiresAt">From this instant on <see cref="IStateStore.Purge"/> may remove the entry; null for never.</param>
public sealed record StateEntry(string Key, byte[] Value, DateTimeOffset? ExpiresAt);
