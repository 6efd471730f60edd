namespace Pharos.Storage.State.Sharing;

/// <summary>How the lease stands, by the clock of the database.</summary>
/// <param name="Epoch">Grows by one each time that somebody takes the lease; 0 before the first.</param>
/// <param name="Holder">The node that took it last; empty before the first and where it was given back.</param>
/// <param name="IsExpired">Whether anybody may take it.</param>
/// <param name="SinceRenewal">How long ago its holder was last heard of.</param>
/// <param name="Nodes">Every node that was heard of lately, sorted by name.</param>
public sealed record LeaseReport(long Epoch, string Holder, bool IsExpired, TimeSpan SinceRenewal, IReadOnlyList<StateNode> Nodes);
