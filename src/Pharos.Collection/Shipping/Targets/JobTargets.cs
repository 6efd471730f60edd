using Pharos.Collection.Discovery;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>What a job's discoveries have found, as file targets.</summary>
/// <remarks>Thread-safe: discoveries publish, clients read.</remarks>
internal sealed class JobTargets(ShipJobOptions job, string host)
{
    /// <summary>Dropped targets that are remembered for people who ask.</summary>
    private const int MaxDropped = 1000;

    private volatile IReadOnlyList<FileTarget> _targets = [];
    private volatile IReadOnlyList<(LabelSet Discovered, string Reason)> _dropped = [];

    public ShipJobOptions Job => job;

    public IReadOnlyList<FileTarget> Targets => _targets;

    public IReadOnlyList<(LabelSet Discovered, string Reason)> Dropped => _dropped;

    public void Publish(IReadOnlyList<TargetGroup> groups)
    {
        var targets = new List<FileTarget>();
        var dropped = new List<(LabelSet, string)>();
        foreach (var (target, group) in FileTargetBuilder.All(groups))
        {
            if (FileTargetBuilder.Build(job, target, group, host, out var reason) is { } built)
            {
                // A pod's container is found once a port.
                if (!targets.Exists(other => other.Pattern == built.Pattern && other.Exclude == built.Exclude && other.Labels == built.Labels))
                {
                    targets.Add(built);
                }
            }
            else if (dropped.Count < MaxDropped)
            {
                dropped.Add((target, reason));
            }
        }
        _dropped = dropped;
        _targets = targets;
    }
}
