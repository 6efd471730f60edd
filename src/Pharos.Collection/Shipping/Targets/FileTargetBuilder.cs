using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Makes file targets from what was discovered.</summary>
internal static class FileTargetBuilder
{
    private const string PathLabel = "__path__";
    private const string ExcludeLabel = "__path_exclude__";
    private const string HostLabel = "__host__";
    private const string PodUid = "__meta_kubernetes_pod_uid";
    private const string PodContainer = "__meta_kubernetes_pod_container_name";

    /// <summary>Null where the target is not for this machine, or names no file; <paramref name="reason"/> says so.</summary>
    public static FileTarget? Build(ShipJobOptions job, LabelSet target, LabelSet group, string host, out string reason)
    {
        var labels = new LabelSetBuilder(group);
        foreach (var label in target)
        {
            labels.Set(label.Name, label.Value);
        }
        var discovered = labels.Build();
        if (!Relabeler.Apply(job.RelabelRules, labels))
        {
            reason = "dropped by relabeling";
            return null;
        }
        var pattern = labels[PathLabel];
        if (pattern.Length == 0 && discovered[PodUid].Length > 0 && discovered[PodContainer].Length > 0)
        {
            // Where every node keeps the logs of its pods.
            pattern = $"/var/log/pods/*{discovered[PodUid]}/{discovered[PodContainer]}/*.log";
        }
        if (pattern.Length == 0)
        {
            reason = "no path for target";
            return null;
        }
        if (labels[HostLabel] is { Length: > 0 } node && node != host)
        {
            reason = "ignoring target, it is on another host";
            return null;
        }
        var exclude = labels[ExcludeLabel];
        foreach (var label in labels.Labels.ToArray())
        {
            if (label.Name.StartsWith("__", StringComparison.Ordinal))
            {
                labels.Remove(label.Name);
            }
        }
        reason = "";
        return new FileTarget(pattern, exclude, labels.Build(), discovered);
    }

    public static IEnumerable<(LabelSet Target, LabelSet Group)> All(IEnumerable<TargetGroup> groups) =>
        groups.SelectMany(static group => group.Targets.Select(target => (target, group.Labels)));
}
