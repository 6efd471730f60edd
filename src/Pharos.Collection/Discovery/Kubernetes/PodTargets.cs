using System.Text.Json;
using Pharos.Storage.Model;
using static Pharos.Collection.Discovery.Kubernetes.ObjectLabels;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>One target per container and port of a pod.</summary>
internal static class PodTargets
{
    public static TargetGroup Build(JsonElement pod, KubernetesObjects objects)
    {
        var ip = pod.Text("status", "podIP");
        if (ip.Length == 0)
        {
            // A pod that starts or was evicted has no address.
            return new TargetGroup(Source("pod", pod), [], LabelSet.Empty);
        }
        var targets = new List<LabelSet>();
        foreach (var container in PodContainer.Of(pod))
        {
            if (container.Ports.Count == 0)
            {
                // The address is the pod's alone; relabeling has to add a port.
                targets.Add(container.SetOn(new LabelSetBuilder()).Set(TargetGroup.AddressLabel, ip).Build());
            }
            targets.AddRange(container.Ports.Select(port => container.SetOn(new LabelSetBuilder(), port)
                .SetAddress(ip, port.Get("containerPort").Number()).Build()));
        }
        var labels = Labels(new LabelSetBuilder(), pod, objects).SetNamespace(Namespace(pod), objects)
            .SetNode(pod.Text("spec", "nodeName"), objects);
        return new TargetGroup(Source("pod", pod), targets, labels.Build());
    }

    /// <summary>What a pod tells of itself, also to endpoints that lead to it.</summary>
    public static LabelSetBuilder Labels(LabelSetBuilder labels, JsonElement pod, KubernetesObjects objects)
    {
        var status = pod.Get("status");
        var ready = status.Items("conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status");
        labels.SetObject("pod", pod)
            .Set($"{Prefix}pod_ip", status.Text("podIP"))
            .Set($"{Prefix}pod_ready", ready.Length == 0 ? "unknown" : ready.ToLowerInvariant())
            .Set($"{Prefix}pod_phase", status.Text("phase"))
            .Set($"{Prefix}pod_node_name", pod.Text("spec", "nodeName"))
            .Set($"{Prefix}pod_host_ip", status.Text("hostIP"))
            .Set($"{Prefix}pod_uid", pod.Text("metadata", "uid"));
        var controller = Controller(pod);
        labels.Set($"{Prefix}pod_controller_kind", controller.Text("kind"))
            .Set($"{Prefix}pod_controller_name", controller.Text("name"));
        SetOwners(labels, Namespace(pod), controller, objects);
        return labels;
    }

    /// <summary>The owner's owner, where it is followed: a replica set's deployment, a job's cron job.</summary>
    private static void SetOwners(LabelSetBuilder labels, string ns, JsonElement controller, KubernetesObjects objects)
    {
        switch (controller.Text("kind"))
        {
            case "ReplicaSet":
                var deployment = Controller(objects.Find(KubernetesResource.ReplicaSet, ns, controller.Text("name")));
                labels.Set($"{Prefix}pod_deployment_name", deployment.Text("kind") == "Deployment" ? deployment.Text("name") : "");
                break;
            case "Job" when objects.Find(KubernetesResource.Job, ns, controller.Text("name")) is { ValueKind: JsonValueKind.Object } job:
                labels.Set($"{Prefix}pod_job_name", controller.Text("name"));
                var cron = Controller(job);
                labels.Set($"{Prefix}pod_cronjob_name", cron.Text("kind") == "CronJob" ? cron.Text("name") : "");
                break;
        }
    }

    private static JsonElement Controller(JsonElement item) =>
        item.Get("metadata").Items("ownerReferences").FirstOrDefault(owner => owner.Get("controller").IsTrue());
}
