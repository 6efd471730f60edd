using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery;

/// <summary>What the discoveries of one job run with.</summary>
/// <param name="ReadYamlTargets">Reads .yml and .yaml target files; null where the host has no reader.</param>
internal sealed record DiscoveryContext(
    string Job, TimeProvider Time, ILogger Logger, DiscoveryMetrics Metrics, TargetFileReader? ReadYamlTargets);
