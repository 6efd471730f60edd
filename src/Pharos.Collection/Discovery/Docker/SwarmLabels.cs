using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Docker;

/// <summary>The labels of a swarm's nodes, services and tasks.</summary>
internal static class SwarmLabels
{
    public const string Prefix = "__meta_dockerswarm_";

    /// <summary>What a task says of the node it runs on.</summary>
    public static LabelSet OfTasksNode(JsonElement node) => new LabelSetBuilder()
        .Set($"{Prefix}node_id", node.Text("ID"))
        .Set($"{Prefix}node_role", node.Text("Spec", "Role"))
        .Set($"{Prefix}node_address", node.Text("Status", "Addr"))
        .Set($"{Prefix}node_availability", node.Text("Spec", "Availability"))
        .Set($"{Prefix}node_hostname", node.Text("Description", "Hostname"))
        .Set($"{Prefix}node_platform_architecture", node.Get("Description", "Platform").Text("Architecture"))
        .Set($"{Prefix}node_platform_os", node.Get("Description", "Platform").Text("OS"))
        .Set($"{Prefix}node_status", node.Text("Status", "State"))
        .SetAll($"{Prefix}node_label_", node.Get("Spec", "Labels"))
        .Build();

    public static LabelSetBuilder OfNode(JsonElement node)
    {
        var labels = new LabelSetBuilder(OfTasksNode(node))
            .Set($"{Prefix}node_engine_version", node.Get("Description", "Engine").Text("EngineVersion"));
        if (node.Get("ManagerStatus") is { ValueKind: JsonValueKind.Object } manager)
        {
            labels.Set($"{Prefix}node_manager_leader", manager.Get("Leader").IsTrue() ? "true" : "false")
                .Set($"{Prefix}node_manager_reachability", manager.Text("Reachability"))
                .Set($"{Prefix}node_manager_address", manager.Text("Addr"));
        }
        return labels;
    }

    /// <summary>What a task says of its service.</summary>
    public static LabelSet OfTasksService(JsonElement service) => new LabelSetBuilder()
        .Set($"{Prefix}service_id", service.Text("ID"))
        .Set($"{Prefix}service_name", service.Text("Spec", "Name"))
        .Set($"{Prefix}service_mode", Mode(service.Get("Spec", "Mode")))
        .SetAll($"{Prefix}service_label_", service.Get("Spec", "Labels"))
        .Build();

    public static LabelSet OfService(JsonElement service)
    {
        var container = service.Get("Spec", "TaskTemplate").Get("ContainerSpec");
        return new LabelSetBuilder(OfTasksService(service))
            .Set($"{Prefix}service_task_container_hostname", container.Text("Hostname"))
            .Set($"{Prefix}service_task_container_image", container.Text("Image"))
            .Set($"{Prefix}service_updating_status", service.Text("UpdateStatus", "State"))
            .Build();
    }

    /// <param name="containerLabels">The labels of the running container; those of the task's specification win.</param>
    public static LabelSetBuilder OfTask(JsonElement task, JsonElement containerLabels) => new LabelSetBuilder()
        .Set($"{Prefix}task_id", task.Text("ID"))
        .Set($"{Prefix}task_desired_state", task.Text("DesiredState"))
        .Set($"{Prefix}task_state", task.Text("Status", "State"))
        .Set($"{Prefix}task_slot", task.Text("Slot") is { Length: > 0 } slot ? slot : "0")
        .Set($"{Prefix}task_container_id", task.Get("Status", "ContainerStatus").Text("ContainerID"))
        .SetAll($"{Prefix}container_label_", containerLabels)
        .SetAll($"{Prefix}container_label_", task.Get("Spec", "ContainerSpec").Get("Labels"));

    private static string Mode(JsonElement mode) =>
        mode.Get("Global").IsPresent() ? "global" : mode.Get("Replicated").IsPresent() ? "replicated" : "";
}
