namespace Pharos.Storage.State.Sharing;

/// <summary>What a node says and wants when it meets the others.</summary>
/// <param name="Address">Where the node is reached, for whoever looks at the cluster.</param>
/// <param name="Epoch">The epoch that the node holds (to renew, to release) or wants to follow on (to acquire).</param>
public sealed record LeaseRequest(string Address, LeaseWish Wish, long Epoch, TimeSpan TimeToLive);
