namespace Pharos.Alerting.Cluster;

/// <summary>The nodes as one of them sees them.</summary>
/// <param name="Name">Of the node that was asked.</param>
/// <param name="IsSettled">Whether it has met the others.</param>
/// <param name="Leader">The leader's name; empty where none is known.</param>
public sealed record ClusterSnapshot(string Name, bool IsSettled, string Leader, IReadOnlyList<ClusterPeer> Peers);
