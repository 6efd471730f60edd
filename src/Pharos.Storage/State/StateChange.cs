namespace Pharos.Storage.State;

/// <summary>One change of a batch: what a key holds from now on, or (null) that the key is gone.</summary>
/// <param name="ExpiresAt">As at <see cref="StateEntry.ExpiresAt"/>.</param>
public sealed record StateChange(string Collection, string Key, byte[]? Value, DateTimeOffset? ExpiresAt = null);
