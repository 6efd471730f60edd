namespace Pharos.Storage.State.Sharing;

/// <summary>What another node has changed.</summary>
/// <param name="Revision">Changes of one commit have the same; those of a later commit a larger one.</param>
/// <param name="Value">Null where the key is gone.</param>
public sealed record SharedChange(long Revision, string Collection, string Key, byte[]? Value, DateTimeOffset? ExpiresAt);
