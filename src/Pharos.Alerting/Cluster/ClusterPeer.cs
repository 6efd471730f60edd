namespace Pharos.Alerting.Cluster;

/// <summary>One node, the asked one included.</summary>
/// <param name="IsFailed">Nothing was heard of it for longer than a lease lasts.</param>
public sealed record ClusterPeer(string Name, string Address, bool IsFailed);
