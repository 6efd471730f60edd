using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>One entry of <c>alerting.alertmanagers</c>.</summary>
/// <param name="RelabelRules">Of its targets.</param>
internal sealed record AlertmanagerTargets(IReadOnlyList<DiscoveryOptions> Discoveries, IReadOnlyList<RelabelRule> RelabelRules);
